import { InputError } from "../errors.ts";
import type { Matrix } from "../math/matrix.ts";
import type {
  ClusterAssignment,
  ClusterCountRange,
  ClusterCut,
  Clusterer,
  FittedClusterer,
  StageContext,
  StageState,
  WorkOptions,
} from "../stages.ts";
import { type CondensedTree, condenseTree } from "./condense.ts";
import { hdbscan } from "./hdbscan.ts";
import type { HdbscanModel } from "./hdbscan-model.ts";
import type { MembershipVisitor } from "./membership-vectors.ts";
import { type HdbscanParameters, type ResolvedHdbscanOptions, resolveOptions } from "./options.ts";
import { leafCount } from "./select-count.ts";
import { splitLargeCluster } from "./split-large.ts";
import { HDBSCAN_KIND, modelFromState, modelState } from "./state.ts";

/** As for `hdbscan`, but `minClusterSize` must be chosen. */
export interface HdbscanClustererOptions extends HdbscanParameters {
  readonly minClusterSize: number;
  /** A cluster with more than this share of all points is split where it has parts, 0 to 1; default 1, never. */
  readonly largestShare?: number | undefined;
}

/** Exemplars of a cluster that soft memberships are taken from: all of them would take time quadratic in the points. */
const EXEMPLARS_COMPARED = 16;

/** HDBSCAN as a stage of the pipeline; see `hdbscan`. */
export class HdbscanClusterer implements Clusterer {
  readonly kind: string = HDBSCAN_KIND;
  readonly options: ResolvedHdbscanOptions;
  private readonly largestShare: number;

  /** @throws InputError (`BAD_OPTION`) naming the option that is out of range */
  constructor(options: HdbscanClustererOptions) {
    const { largestShare = 1, ...rest } = options;
    this.options = resolveOptions(rest);
    if (!(largestShare >= 0 && largestShare <= 1)) {
      const details = { expected: "a number from 0 to 1", found: String(largestShare) };
      throw new InputError("largestShare is out of range", details, "BAD_OPTION");
    }
    this.largestShare = largestShare;
  }

  /** @throws InputError when a value of the points is not finite */
  async fit(points: Matrix, context: StageContext): Promise<FittedHdbscan> {
    const { signal, onProgress } = context;
    const model = await hdbscan(points, { ...this.options, signal, onProgress });
    return new FittedHdbscan(splitLargeCluster(model, this.largestShare));
  }

  /** Takes the options from the state, not from this clusterer. @throws FormatError when the state is damaged or forged */
  restore(state: StageState, points: Matrix): FittedHdbscan {
    return new FittedHdbscan(modelFromState(state, points));
  }
}

/** A fitted HDBSCAN clustering; `model` has the hierarchy, the outlier scores and everything in float64. */
export class FittedHdbscan implements FittedClusterer {
  readonly kind: string = HDBSCAN_KIND;
  readonly model: HdbscanModel;
  readonly clusterCount: number;
  readonly labels: Int32Array;
  readonly probabilities: Float32Array;
  readonly exemplars: readonly Int32Array[];

  constructor(model: HdbscanModel) {
    this.model = model;
    this.clusterCount = model.clusterCount;
    this.labels = model.labels;
    this.probabilities = Float32Array.from(model.probabilities);
    this.exemplars = model.exemplars;
  }

  /** @throws InputError when the dimensions differ from the fitted points' or a value is not finite */
  predict(points: Matrix): ClusterAssignment {
    const { labels, probabilities } = this.model.predict(points);
    return { labels, probabilities: Float32Array.from(probabilities) };
  }

  /** @throws InputError (`BAD_OPTION`), see `HdbscanModel.relabel` */
  recut(cut: ClusterCut): FittedHdbscan {
    return new FittedHdbscan(this.model.relabel(cut));
  }

  async visitMemberships(
    points: Int32Array,
    visit: MembershipVisitor,
    work: WorkOptions = {},
  ): Promise<void> {
    if (this.clusterCount === 0) return;
    await this.model.visitMemberships(points, visit, { ...work, exemplarsPerCluster: EXEMPLARS_COMPARED });
  }

  countRange(minClusterSize: number = this.model.options.minClusterSize): ClusterCountRange {
    const fewest = this.model.options.allowSingleCluster ? 1 : 2;
    return { fewest, most: leafCount(this.condensedTree(minClusterSize).clusters) };
  }

  condensedTree(minClusterSize: number): CondensedTree {
    const { condensedTree, singleLinkageTree, options } = this.model;
    if (minClusterSize === options.minClusterSize) return condensedTree;
    return condenseTree(singleLinkageTree, condensedTree.points, minClusterSize);
  }

  /** Shares the arrays of the model. */
  state(): StageState {
    return modelState(this.model);
  }
}
