import { FormatError } from "../errors.ts";
import type { Matrix } from "../math/matrix.ts";
import type { StageState, StateArray } from "../stages.ts";
import type { CondensedTree } from "./condense.ts";
import { type HdbscanModel, hdbscanModel } from "./hdbscan-model.ts";
import { type ResolvedHdbscanOptions, resolveOptions } from "./options.ts";
import type { SingleLinkageTree } from "./single-linkage.ts";
import {
  requireAscending,
  requireCondensedTree,
  requireLinkage,
  requireRange,
  requireSeparate,
} from "./state-checks.ts";

/** Registered name of the clusterer. */
export const HDBSCAN_KIND = "hdbscan";

/** Everything of a model but its points; shares the model's arrays. */
export function modelState(model: HdbscanModel): StageState {
  const { options, singleLinkageTree: linkage, condensedTree: condensed } = model;
  return {
    kind: HDBSCAN_KIND,
    params: {
      ...options,
      // JSON has no infinity.
      maxClusterSize: options.maxClusterSize === Number.POSITIVE_INFINITY ? null : options.maxClusterSize,
    },
    arrays: {
      labels: model.labels,
      probabilities: model.probabilities,
      outlierScores: model.outlierScores,
      persistence: model.persistence,
      selectedClusters: model.selectedClusters,
      exemplars: Int32Array.from(model.exemplars.flatMap((indices) => [...indices])),
      exemplarOffsets: exemplarOffsets(model.exemplars),
      coreDistances: model.coreDistances,
      predictionCoreDistances: model.predictionCoreDistances,
      linkageLeft: linkage.left,
      linkageRight: linkage.right,
      linkageDistance: linkage.distance,
      linkageSize: linkage.size,
      treeParent: condensed.parent,
      treeChild: condensed.child,
      treeLambda: condensed.lambda,
      treeSize: condensed.size,
    },
  };
}

/**
 * The inverse of `modelState`; keeps the arrays of the state.
 * @param points the points the model was fitted on
 * @throws FormatError when anything is missing, out of range or does not fit together
 */
export function modelFromState(state: StageState, points: Matrix): HdbscanModel {
  if (state.kind !== HDBSCAN_KIND) {
    throw new FormatError("Not the state of an HDBSCAN clustering", {
      expected: HDBSCAN_KIND,
      found: String(state.kind),
    });
  }
  if (!points.data.every(Number.isFinite)) {
    throw new FormatError("The clustered points must be finite numbers");
  }
  const { rows } = points;
  const options = optionsFrom(state.params);
  const singleLinkageTree = linkageFrom(state.arrays, rows);
  const condensedTree = condensedTreeFrom(state.arrays, rows);
  const selectedClusters = selectionFrom(state.arrays, condensedTree);
  const clusterCount = selectedClusters.length;
  const predictionCoreDistances = realColumn(state.arrays, "predictionCoreDistances", rows);
  const persistence = realColumn(state.arrays, "persistence", clusterCount);
  requireRange("predictionCoreDistances", predictionCoreDistances, 0, Number.MAX_VALUE);
  requireRange("persistence", persistence, 0, Number.MAX_VALUE);
  const { labels, probabilities, outlierScores, coreDistances } = pointColumnsFrom(
    state.arrays,
    rows,
    clusterCount,
  );
  return hdbscanModel({
    points,
    hierarchy: { coreDistances, predictionCoreDistances, singleLinkageTree },
    options,
    condensedTree,
    selectedClusters,
    clustering: { labels, probabilities, persistence },
    outlierScores,
    exemplars: exemplarsFrom(state.arrays, rows, clusterCount),
  });
}

function exemplarOffsets(exemplars: readonly Int32Array[]): Int32Array {
  const offsets = new Int32Array(exemplars.length + 1);
  exemplars.forEach((indices, label) => {
    offsets[label + 1] = offsets[label]! + indices.length;
  });
  return offsets;
}

function optionsFrom(params: StageState["params"]): ResolvedHdbscanOptions {
  const number = (name: string): number => {
    const value = params[name];
    if (typeof value === "number") return value;
    throw new FormatError(`The clustering's parameter ${name} must be a number`, { found: String(value) });
  };
  const { clusterSelectionMethod, allowSingleCluster } = params;
  try {
    return resolveOptions({
      minClusterSize: number("minClusterSize"),
      minSamples: number("minSamples"),
      clusterSelectionEpsilon: number("clusterSelectionEpsilon"),
      // Null would stand for the default, where the state must say what it was.
      clusterSelectionMethod: clusterSelectionMethod === "leaf" ? "leaf" : requireEom(clusterSelectionMethod),
      allowSingleCluster: requireBoolean(allowSingleCluster),
      maxClusterSize: params["maxClusterSize"] === null ? undefined : number("maxClusterSize"),
    });
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError("The clustering's parameters are out of range", { cause });
  }
}

function requireEom(value: unknown): "eom" {
  if (value === "eom") return value;
  throw new FormatError("Unknown cluster selection method", {
    expected: "eom or leaf",
    found: String(value),
  });
}

function requireBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new FormatError("allowSingleCluster must be true or false", { found: String(value) });
}

function pointColumnsFrom(
  arrays: StageState["arrays"],
  rows: number,
  clusterCount: number,
): Pick<HdbscanModel, "labels" | "probabilities" | "outlierScores" | "coreDistances"> {
  const labels = integerColumn(arrays, "labels", rows);
  const probabilities = realColumn(arrays, "probabilities", rows);
  const outlierScores = realColumn(arrays, "outlierScores", rows);
  const coreDistances = realColumn(arrays, "coreDistances", rows);
  requireRange("labels", labels, -1, clusterCount - 1);
  requireRange("probabilities", probabilities, 0, 1);
  requireRange("outlierScores", outlierScores, 0, 1);
  requireRange("coreDistances", coreDistances, 0, Number.MAX_VALUE);
  return { labels, probabilities, outlierScores, coreDistances };
}

function linkageFrom(arrays: StageState["arrays"], rows: number): SingleLinkageTree {
  const merges = Math.max(0, rows - 1);
  const linkage = {
    left: integerColumn(arrays, "linkageLeft", merges),
    right: integerColumn(arrays, "linkageRight", merges),
    distance: realColumn(arrays, "linkageDistance", merges),
    size: integerColumn(arrays, "linkageSize", merges),
  };
  requireLinkage(linkage, rows);
  return linkage;
}

function condensedTreeFrom(arrays: StageState["arrays"], rows: number): CondensedTree {
  const parent = integerColumn(arrays, "treeParent");
  const condensed = {
    points: rows,
    // Each point and each cluster but the root has one row; a single point has no tree.
    clusters: rows < 2 ? 1 : parent.length - rows + 1,
    parent,
    child: integerColumn(arrays, "treeChild", parent.length),
    lambda: realColumn(arrays, "treeLambda", parent.length),
    size: integerColumn(arrays, "treeSize", parent.length),
  };
  requireCondensedTree(condensed);
  return condensed;
}

function selectionFrom(arrays: StageState["arrays"], condensed: CondensedTree): Int32Array {
  const selected = integerColumn(arrays, "selectedClusters");
  requireRange("selectedClusters", selected, 0, condensed.points < 2 ? -1 : condensed.clusters - 1);
  requireAscending("selectedClusters", selected);
  requireSeparate(condensed, selected);
  return selected;
}

function exemplarsFrom(arrays: StageState["arrays"], rows: number, clusterCount: number): Int32Array[] {
  const indices = integerColumn(arrays, "exemplars");
  const offsets = integerColumn(arrays, "exemplarOffsets", clusterCount + 1);
  requireRange("exemplars", indices, 0, rows - 1);
  requireAscending("exemplarOffsets", offsets);
  if (offsets[0] !== 0 || offsets[clusterCount] !== indices.length) {
    throw new FormatError("The exemplar offsets do not span the exemplars");
  }
  return Array.from({ length: clusterCount }, (_, label) =>
    indices.slice(offsets[label]!, offsets[label + 1]!),
  );
}

function integerColumn(arrays: StageState["arrays"], name: string, length?: number): Int32Array {
  const column = arrays[name];
  if (!(column instanceof Int32Array)) rejectColumn(name, "32-bit integers", column);
  if (length !== undefined && column.length !== length) rejectColumn(name, `${length} values`, column);
  return column;
}

function realColumn(arrays: StageState["arrays"], name: string, length: number): Float64Array {
  const column = arrays[name];
  if (!(column instanceof Float64Array)) rejectColumn(name, "64-bit floats", column);
  if (column.length !== length) rejectColumn(name, `${length} values`, column);
  return column;
}

function rejectColumn(name: string, expected: string, column: StateArray | undefined): never {
  throw new FormatError(`The clustering's array ${name} does not fit`, {
    expected,
    found: column === undefined ? "nothing" : `${column.constructor.name} of ${column.length}`,
  });
}
