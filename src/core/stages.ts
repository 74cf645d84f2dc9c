import type { CondensedTree } from "./hdbscan/condense.ts";
import type { DenseKernels } from "./math/kernels.ts";
import type { Matrix } from "./math/matrix.ts";
import type { Rng } from "./math/rng.ts";
import type { Neighbors } from "./neighbors/neighbors.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";

/** What long-running work accepts from its caller. */
export interface WorkOptions {
  /** Aborting rejects the work with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the fraction done, 0 to 1, not more often than needed for a progress bar. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** What every stage gets beside its input. */
export interface StageContext extends WorkOptions {
  readonly rng: Rng;
  readonly kernels: DenseKernels;
  /** Moves the points of a layout; default `wasmLayoutOptimizer`. */
  readonly optimizer?: LayoutOptimizer | undefined;
}

/** Embeds images and texts in one vector space. `Image` is whatever the implementation decodes: a path, bytes, a Blob. */
export interface Embedder<Image = unknown> {
  /** Names model, revision and precision: equal ids mean comparable vectors. */
  readonly id: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** @returns images x dimensions, rows of length 1, in the order given */
  embedImages(images: readonly Image[], work?: WorkOptions): Promise<Matrix>;
  /** @returns texts x dimensions, rows of length 1, in the order given */
  embedTexts(texts: readonly string[], work?: WorkOptions): Promise<Matrix>;
}

/** Points with the neighbours of each among the points a reducer was (or is being) fitted on. */
export interface NeighborhoodInput {
  /** points x dimensions */
  readonly points: Matrix;
  /** Row `i` holds the neighbours of point `i`, as indices into the fitted points; absent where the reducer wants none. */
  readonly neighbors?: Neighbors | undefined;
}

export interface Reducer {
  /** Registered name, by which a saved model finds its implementation again. */
  readonly kind: string;
  /** Neighbours per point that `fit` and `transform` want, the point itself included when fitting; 0 for none. */
  readonly neighborCount: number;
  fit(input: NeighborhoodInput, context: StageContext): Promise<FittedReducer>;
  /** The inverse of `FittedReducer.state`. @throws FormatError when the state does not fit the training points */
  restore(state: StageState, training: Matrix): FittedReducer;
}

export interface FittedReducer {
  readonly kind: string;
  /** Neighbours among the training points that `transform` wants for each new point; 0 for none. */
  readonly neighborCount: number;
  /** Training points x reduced dimensions. */
  readonly layout: Matrix;
  /**
   * Places new points in the layout. The place of a point depends on that point alone, never on its companions in the call.
   * `input.neighbors` are the new points' neighbours among the training points.
   */
  transform(input: NeighborhoodInput, context: StageContext): Promise<Matrix>;
  state(): StageState;
}

export interface Clusterer {
  readonly kind: string;
  /** @param points points x dimensions, as the reducer left them */
  fit(points: Matrix, context: StageContext): Promise<FittedClusterer>;
  /** The inverse of `FittedClusterer.state`. @throws FormatError when the state does not fit the points */
  restore(state: StageState, points: Matrix): FittedClusterer;
}

export interface FittedClusterer {
  readonly kind: string;
  /** Number of clusters; labels run from 0 to count - 1. */
  readonly clusterCount: number;
  /** One a point, -1 for noise. */
  readonly labels: Int32Array;
  /** Strength of membership of each point in its cluster, 0 to 1, 0 for noise. */
  readonly probabilities: Float32Array;
  /** For each cluster the points that typify it, at least one. */
  readonly exemplars: readonly Int32Array[];
  /** Clusters of new points, each judged on its own. */
  predict(points: Matrix): ClusterAssignment;
  state(): StageState;
  /**
   * Another cut of the kept hierarchy; the points are not looked at. Absent where there is no hierarchy.
   * @throws InputError (`BAD_OPTION`) for options out of range, or more clusters than the hierarchy has
   */
  readonly recut?: ((cut: ClusterCut) => FittedClusterer) | undefined;
  /**
   * Soft clustering: tells for each of some fitted points how much it belongs to each cluster, 0 to 1, in an array that is
   * used again for the next. Not called where there are no clusters; absent where the clusterer knows no degrees.
   */
  readonly visitMemberships?:
    | ((
        points: Int32Array,
        visit: (point: number, strengths: Float64Array) => void,
        work?: WorkOptions,
      ) => Promise<void>)
    | undefined;
  /** How many clusters `recut` can be asked for; absent where it gives no number of them on request. */
  readonly countRange?: ((minClusterSize?: number) => ClusterCountRange) | undefined;
  /**
   * The hierarchy, down to groups of `minClusterSize` points; absent where there is none. Points that it does not know leave its root
   * at lambda 0.
   */
  readonly condensedTree?: ((minClusterSize: number) => CondensedTree) | undefined;
}

/** The numbers of clusters that a hierarchy can be cut to, all of them from the fewest to the most. */
export interface ClusterCountRange {
  readonly fewest: number;
  /** Less than `fewest` where there is no such cut. */
  readonly most: number;
}

/** How clusters are cut from a hierarchy; what is left out is as it was in the fit. */
export interface ClusterCut {
  /** Exactly so many clusters, at least 2; not with `clusterSelectionEpsilon`. */
  readonly clusterCount?: number | undefined;
  /** Fewest points that count as a cluster, at least 2. */
  readonly minClusterSize?: number | undefined;
  readonly clusterSelectionMethod?: "eom" | "leaf" | undefined;
  /** Clusters that split below this distance stay together; at least 0. */
  readonly clusterSelectionEpsilon?: number | undefined;
}

/** One label (-1 is noise) and one strength, 0 to 1, a point. */
export interface ClusterAssignment {
  readonly labels: Int32Array;
  readonly probabilities: Float32Array;
}

/** Typed arrays that a saved model can hold. */
export type StateArray = Float32Array | Float64Array | Int32Array;

/** A fitted stage as plain data: parameters as JSON values, bulk as flat arrays. Never code. */
export interface StageState {
  readonly kind: string;
  readonly params: { readonly [name: string]: number | string | boolean | null };
  readonly arrays: { readonly [name: string]: StateArray };
}
