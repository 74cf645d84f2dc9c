import { InputError } from "../errors.ts";
import { spreadTree } from "../hdbscan/spread-tree.ts";
import { type Matrix, row, zeros } from "../math/matrix.ts";
import type {
  ClusterAssignment,
  ClusterCut,
  Clusterer,
  FittedClusterer,
  StageContext,
  StageState,
  WorkOptions,
} from "../stages.ts";
import { SEED_COLUMNS } from "./seeded-reducer.ts";

const KIND_PREFIX = "seeded-";

/** Clusters what no seed claims; what a `SeededReducer` gave to a seed is a cluster of its own, before all others. */
export class SeededClusterer implements Clusterer {
  readonly kind: string;
  private readonly inner: Clusterer;

  constructor(inner: Clusterer) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
  }

  async fit(points: Matrix, context: StageContext): Promise<FittedSeededClusterer> {
    const parts = partPoints(points);
    return new FittedSeededClusterer(await this.inner.fit(parts.rest, context), parts);
  }

  /** @throws FormatError when the state is not one of these points */
  restore({ params, arrays }: StageState, points: Matrix): FittedSeededClusterer {
    const parts = partPoints(points);
    const state = { kind: this.inner.kind, params, arrays };
    return new FittedSeededClusterer(this.inner.restore(state, parts.rest), parts);
  }
}

/** Points of a layout, those of seeds and the rest. */
interface SeededPoints {
  /** Seed of each point, -1 for none. */
  readonly seeds: Int32Array;
  readonly strengths: Float32Array;
  /** Points without a seed, ascending, and their places. */
  readonly restRows: Int32Array;
  readonly rest: Matrix;
}

function partPoints(points: Matrix): SeededPoints {
  const cols = points.cols - SEED_COLUMNS;
  const seeds = Int32Array.from({ length: points.rows }, (_, i) => row(points, i)[cols]!);
  const strengths = Float32Array.from({ length: points.rows }, (_, i) => row(points, i)[cols + 1]!);
  const restRows = Int32Array.from(seeds.keys()).filter((i) => seeds[i] === -1);
  const rest = zeros(restRows.length, cols);
  restRows.forEach((source, i) => {
    row(rest, i).set(row(points, source).subarray(0, cols));
  });
  return { seeds, strengths, restRows, rest };
}

/** See `SeededClusterer`. Labels count the seeds that have points, in their order, then the clusters of the rest. */
export class FittedSeededClusterer implements FittedClusterer {
  readonly kind: string;
  readonly clusterCount: number;
  readonly labels: Int32Array;
  readonly probabilities: Float32Array;
  readonly exemplars: readonly Int32Array[];
  /** Seeds that have points, by their label. */
  readonly seedOfLabel: readonly number[];
  private readonly inner: FittedClusterer;
  private readonly parts: SeededPoints;

  constructor(inner: FittedClusterer, parts: SeededPoints) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.parts = parts;
    const { seeds, strengths, restRows } = parts;
    this.seedOfLabel = [...new Set(seeds)].filter((seed) => seed !== -1).sort((a, b) => a - b);
    const first = this.seedOfLabel.length;
    this.clusterCount = first + inner.clusterCount;
    this.labels = seeds.map((seed) => this.seedOfLabel.indexOf(seed));
    this.probabilities = strengths.map((strength, i) => (seeds[i] === -1 ? 0 : strength));
    restRows.forEach((point, i) => {
      if (inner.labels[i] === -1) return;
      this.labels[point] = first + inner.labels[i]!;
      this.probabilities[point] = inner.probabilities[i]!;
    });
    const seeded = this.seedOfLabel.map((seed) => surest(parts, seed));
    this.exemplars = [...seeded, ...inner.exemplars.map((rows) => rows.map((i) => restRows[i]!))];
  }

  predict(points: Matrix): ClusterAssignment {
    const { seeds, strengths, restRows, rest } = partPoints(points);
    const labels = seeds.map((seed) => this.seedOfLabel.indexOf(seed));
    const probabilities = strengths.map((strength, i) => (labels[i] === -1 ? 0 : strength));
    const judged = this.inner.predict(rest);
    restRows.forEach((point, i) => {
      if (judged.labels[i] === -1) return;
      labels[point] = this.seedOfLabel.length + judged.labels[i]!;
      probabilities[point] = judged.probabilities[i]!;
    });
    return { labels, probabilities };
  }

  /**
   * Cuts the rest anew; seeded clusters stay.
   *
   * @throws InputError (`BAD_OPTION`) as the inner clusterer does, and for fewer clusters than the seeds and two
   */
  get recut(): ((cut: ClusterCut) => FittedSeededClusterer) | undefined {
    const { inner, parts } = this;
    if (inner.recut === undefined) return undefined;
    return (cut) => {
      if (cut.clusterCount === undefined) return new FittedSeededClusterer(inner.recut!(cut), parts);
      const clusterCount = cut.clusterCount - this.seedOfLabel.length;
      if (clusterCount >= 2) return new FittedSeededClusterer(inner.recut!({ ...cut, clusterCount }), parts);
      const expected = `at least ${this.seedOfLabel.length + 2} concepts, as some are seeded`;
      throw new InputError("The concepts cannot be cut so", { expected }, "BAD_OPTION");
    };
  }

  /** The seeds and at least two groups of the rest. */
  get countRange(): FittedClusterer["countRange"] {
    const { inner } = this;
    if (inner.countRange === undefined) return undefined;
    const seeds = this.seedOfLabel.length;
    return (minClusterSize) => {
      const { fewest, most } = inner.countRange!(minClusterSize);
      return { fewest: seeds + fewest, most: most < fewest ? 0 : seeds + most };
    };
  }

  /** The hierarchy of the rest, which does not know what seeds claimed. */
  get condensedTree(): FittedClusterer["condensedTree"] {
    const { inner, parts } = this;
    if (inner.condensedTree === undefined) return undefined;
    const placeInRest = new Int32Array(parts.seeds.length).fill(-1);
    parts.restRows.forEach((point, place) => {
      placeInRest[point] = place;
    });
    return (minClusterSize) => spreadTree(inner.condensedTree!(minClusterSize), placeInRest);
  }

  /** Seeded points belong to their seed alone. */
  async visitMemberships(
    points: Int32Array,
    visit: (point: number, strengths: Float64Array) => void,
    work?: WorkOptions,
  ): Promise<void> {
    const { labels, probabilities, inner } = this;
    const first = this.seedOfLabel.length;
    const strengths = new Float64Array(this.clusterCount);
    const placeInRest = new Map(Array.from(this.parts.restRows, (point, i) => [point, i]));
    const rest = points.filter((point) => placeInRest.has(point));
    for (const point of points) {
      if (placeInRest.has(point) && inner.visitMemberships !== undefined) continue;
      strengths.fill(0);
      if (labels[point] !== -1) strengths[labels[point]!] = probabilities[point]!;
      visit(point, strengths);
    }
    strengths.fill(0);
    if (inner.clusterCount === 0) for (const point of rest) visit(point, strengths);
    if (inner.visitMemberships === undefined || inner.clusterCount === 0) return;
    const visitRest = (i: number, degrees: Float64Array): void => {
      strengths.set(degrees, first);
      visit(this.parts.restRows[i]!, strengths);
    };
    await inner.visitMemberships(
      rest.map((point) => placeInRest.get(point)!),
      visitRest,
      work,
    );
  }

  state(): StageState {
    return { ...this.inner.state(), kind: this.kind };
  }
}

/** Points that stand for a seed: as many as a cluster would have for exemplars. */
function surest({ seeds, strengths }: SeededPoints, seed: number): Int32Array {
  const own = Array.from(seeds.keys()).filter((i) => seeds[i] === seed);
  return Int32Array.from(own.sort((a, b) => strengths[b]! - strengths[a]! || a - b).slice(0, 64)).sort();
}
