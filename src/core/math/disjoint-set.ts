/** Disjoint sets over 0..count-1 with union by size and path halving (Tarjan and van Leeuwen 1984). */
export class DisjointSet {
  /** Size of the set of each root; meaningless for other members. */
  readonly sizes: Int32Array;
  private readonly parents: Int32Array;

  constructor(count: number) {
    this.sizes = new Int32Array(count).fill(1);
    this.parents = Int32Array.from({ length: count }, (_, i) => i);
  }

  /** The root that stands for the set of `member`. */
  find(member: number): number {
    const parents = this.parents;
    let root = member;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  }

  /** Joins the sets of two different roots. @returns the joint root: that of the larger set, of equal ones the lower */
  union(rootA: number, rootB: number): number {
    const sizes = this.sizes;
    const keepA = sizes[rootA]! > sizes[rootB]! || (sizes[rootA] === sizes[rootB] && rootA < rootB);
    const kept = keepA ? rootA : rootB;
    const joined = keepA ? rootB : rootA;
    this.parents[joined] = kept;
    sizes[kept] = sizes[kept]! + sizes[joined]!;
    return kept;
  }
}
