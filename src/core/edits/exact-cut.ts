import { InputError } from "../errors.ts";
import type { ClusterCountRange, ClusterCut, FittedClusterer } from "../stages.ts";
import { ownersOfCut, type PlannedCut, pinnedIds } from "./cut-owners.ts";
import type { Grouping } from "./grouping.ts";

/** Pictures that are labelled, over all tries, before the search is given up: some seconds. */
const MOST_LABELLED = 20_000_000;

/** But so many numbers of groups are tried at least. */
const LEAST_TRIES = 100;

/**
 * The cut that gives, with the pinned concepts, exactly as many concepts as asked for. A group that is mostly of a pinned concept
 * makes none of its own, and neither does one whose pictures were all moved by hand. So more groups may be needed than concepts are
 * missing, but never fewer: the search begins there and rises by what is lacking. Where it rose too far it halves the way back, and
 * then it tries whatever was left out: a number that any number of groups gives is found, unless that takes more than
 * `MOST_LABELLED` pictures to label (2,000 tries with 10,000 pictures, 200 with 100,000).
 *
 * @throws InputError (`BAD_OPTION`) when there is no such cut, telling the nearest number
 */
export function exactCut(grouping: Grouping, cut: ClusterCut, wanted: number): PlannedCut {
  requireCount(wanted);
  const sizes = new GroupSizes(grouping.base.clusterer, cut.minClusterSize);
  const kept = pinnedIds(grouping).size;
  const { fewest, most } = sizes.range;
  if (most < fewest || wanted > kept + most) throw outOfRange(wanted, kept, sizes);
  const least = Math.max(fewest, wanted - kept);
  const search = new CutSearch(grouping, cut, sizes, wanted - kept);
  const found =
    wanted < kept || least > most ? null : (search.rising(least, most) ?? search.exhaustive(least, most));
  if (found !== null) return found;
  if (kept === 0 && wanted < fewest) throw outOfRange(wanted, kept, sizes);
  throw noSuchCount(wanted, kept + search.nearest, search.isSpent);
}

/** Tries numbers of groups, each once. */
class CutSearch {
  private readonly grouping: Grouping;
  private readonly cut: ClusterCut;
  private readonly sizes: GroupSizes;
  private readonly lacking: number;
  private readonly tries: number;
  /** Concepts beside the pinned ones, by number of groups. */
  private readonly found = new Map<number, number>();

  constructor(grouping: Grouping, cut: ClusterCut, sizes: GroupSizes, lacking: number) {
    this.grouping = grouping;
    this.cut = cut;
    this.sizes = sizes;
    this.lacking = lacking;
    this.tries = Math.max(LEAST_TRIES, Math.floor(MOST_LABELLED / grouping.concepts.length));
  }

  /** Of the numbers of concepts that were found the one nearest to what is lacking; 0 before any. */
  get nearest(): number {
    const off = (count: number): number => Math.abs(count - this.lacking);
    return [...this.found.values()].reduce((best, count) => (off(count) < off(best) ? count : best), 0);
  }

  /** Goes up by what is lacking, then halves the last step until a number is hit or leapt over. */
  rising(least: number, most: number): PlannedCut | null {
    let [below, groups] = [least, least];
    for (;;) {
      const hit = this.attempt(groups);
      if (hit !== null || this.isSpent) return hit;
      const missing = this.lacking - this.found.get(groups)!;
      if (missing < 0) break;
      if (groups === most) return null;
      below = groups;
      groups = Math.min(most, groups + missing);
    }
    for (let above = groups; above - below > 1 && !this.isSpent; ) {
      const middle = (below + above) >> 1;
      const hit = this.attempt(middle);
      if (hit !== null) return hit;
      if (this.found.get(middle)! < this.lacking) below = middle;
      else above = middle;
    }
    return null;
  }

  exhaustive(least: number, most: number): PlannedCut | null {
    for (let groups = least; groups <= most && !this.isSpent; groups++) {
      const hit = this.found.has(groups) ? null : this.attempt(groups);
      if (hit !== null) return hit;
    }
    return null;
  }

  /** Whether tries were given up before all numbers were tried. */
  get isSpent(): boolean {
    return this.found.size >= this.tries;
  }

  private attempt(clusterCount: number): PlannedCut | null {
    const { grouping, sizes } = this;
    const cut = definedCut({ ...this.cut, clusterCount, minClusterSize: sizes.largestFor(clusterCount) });
    const planned = ownersOfCut(grouping, grouping.base.clusterer.recut!(cut), cut);
    this.found.set(clusterCount, planned.drafts.length);
    return planned.drafts.length === this.lacking ? planned : null;
  }
}

/** Which smallest sizes of groups allow which numbers of them. */
class GroupSizes {
  /** Numbers of groups that can be had, with the smallest groups that are allowed. */
  readonly range: ClusterCountRange;
  readonly asked: number | undefined;
  private readonly rangeOf: (size?: number) => ClusterCountRange;
  private readonly most = new Map<number | undefined, number>();
  /** A group of this many leaves no room for a second. */
  private readonly tooLarge: number;

  /** @param asked the smallest size; undefined leaves it open */
  constructor(clusterer: FittedClusterer, asked: number | undefined) {
    if (clusterer.countRange === undefined) {
      throw new InputError(
        "The concepts cannot be cut to a number",
        { expected: "a clusterer that tells how many there can be (countRange)", found: clusterer.kind },
        "BAD_OPTION",
      );
    }
    this.rangeOf = (size) => clusterer.countRange!(size);
    this.asked = asked;
    this.tooLarge = Math.max(3, (clusterer.labels.length >> 1) + 1);
    this.range = this.rangeOf(asked ?? 2);
  }

  /** The size that was asked for, else undefined for that of the fit, else the largest that allows so many groups. */
  largestFor(groups: number): number | undefined {
    if (this.asked !== undefined || this.mostOf(undefined) >= groups) return this.asked;
    let [works, fails] = [2, this.tooLarge];
    while (fails - works > 1) {
      const middle = (works + fails) >> 1;
      if (this.mostOf(middle) >= groups) works = middle;
      else fails = middle;
    }
    return works;
  }

  private mostOf(size: number | undefined): number {
    const known = this.most.get(size) ?? this.rangeOf(size).most;
    this.most.set(size, known);
    return known;
  }
}

function noSuchCount(wanted: number, found: number, isSpent: boolean): InputError {
  return new InputError(
    isSpent
      ? `No cut into exactly ${wanted} concepts was found`
      : `There cannot be exactly ${wanted} concepts`,
    {
      expected: "a number that the pinned concepts leave room for",
      found: `${found} concepts at the nearest`,
      hint: "Concepts that were merged, split, made by hand or pinned stay as they are: unpin some, or ask for more.",
    },
    "BAD_OPTION",
  );
}

function outOfRange(wanted: number, kept: number, { range, asked }: GroupSizes): InputError {
  const { fewest, most } = range;
  const size = asked ?? 2;
  const beside = kept === 0 ? "" : ` beside the ${kept} pinned`;
  const more = size > 2 ? "A lower minimum size gives more." : "The pictures do not tell more groups apart.";
  return new InputError(
    `There cannot be ${wanted} concepts`,
    {
      expected: most < fewest ? "pictures that fall into groups" : `from ${fewest} to ${most}${beside}`,
      found: `a tree of ${Math.max(1, most)} groups of at least ${size} pictures`,
      hint:
        wanted < fewest ? "Concepts known before the fit stay, and the rest falls into two at least." : more,
    },
    "BAD_OPTION",
  );
}

function requireCount(wanted: number): void {
  if (Number.isInteger(wanted) && wanted >= 2) return;
  throw new InputError(
    "The number of concepts is out of range",
    { expected: "a whole number of at least 2", found: String(wanted) },
    "BAD_OPTION",
  );
}

/** Leaves out what is undefined: JSON has no such thing. */
export function definedCut(cut: ClusterCut): ClusterCut {
  return Object.fromEntries(Object.entries(cut).filter(([, value]) => value !== undefined));
}
