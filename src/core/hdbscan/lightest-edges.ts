/**
 * The lightest edge found out of each component of a forest. Weights are squared mutual reachability distances, lengths
 * squared distances; of equally heavy edges the shorter one counts as lighter.
 */
export class LightestEdges {
  /** By root of the component; Infinity where none was found. */
  readonly weight: Float64Array;
  readonly length: Float64Array;
  /** The end in the component, as a position in the tree. */
  readonly from: Int32Array;
  /** The other end, -1 where none was found. */
  readonly to: Int32Array;

  constructor(points: number) {
    this.weight = new Float64Array(points);
    this.length = new Float64Array(points);
    this.from = new Int32Array(points);
    this.to = new Int32Array(points);
  }

  clear(): void {
    this.weight.fill(Number.POSITIVE_INFINITY);
    this.length.fill(Number.POSITIVE_INFINITY);
    this.to.fill(-1);
  }

  /** Keeps the edge if it is lighter than what `root` has. */
  offer(root: number, weight: number, length: number, from: number, to: number): void {
    const best = this.weight[root]!;
    if (weight > best || (weight === best && length >= this.length[root]!)) return;
    this.weight[root] = weight;
    this.length[root] = length;
    this.from[root] = from;
    this.to[root] = to;
  }
}
