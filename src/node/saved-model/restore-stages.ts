import type { Matrix } from "../../core/math/matrix.ts";
import type { FittedModel } from "../../core/model.ts";
import type { Clusterer, FittedClusterer, Reducer, StageState, StateArray } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import { arrayOf, tableOf } from "./file-values.ts";
import {
  manifestFile,
  type StageName,
  stageArrayFile,
  stageFolders,
  treeColumns,
  treeTableFile,
} from "./model-layout.ts";
import type { ModelFiles } from "./model-reader.ts";
import { treeArrays } from "./tree-table.ts";

/** The implementations that saved stages are looked up among, by their kind. */
export interface RegisteredStages {
  readonly reducers: readonly Reducer[];
  readonly clusterers: readonly Clusterer[];
}

/**
 * The three stages of a model, restored on its image vectors.
 *
 * @throws FormatError (BAD_MODEL) when a kind is not registered, or a state does not fit the images
 */
export function restoreStages(
  files: ModelFiles,
  { reducers, clusterers }: RegisteredStages,
  imageVectors: Matrix,
): Pick<FittedModel, "reducer" | "mapReducer" | "clusterer"> {
  const restoreReducer = (stage: "reducer" | "mapReducer") => {
    const restored = restore(files, stage, reducers, (reducer, state) =>
      reducer.restore(state, imageVectors),
    );
    requireFit(restored.layout.rows === imageVectors.rows, stage, "a place for every image");
    return restored;
  };
  const reducer = restoreReducer("reducer");
  const mapReducer = restoreReducer("mapReducer");
  requireFit(mapReducer.layout.cols === 2, "mapReducer", "a map of 2 dimensions");
  const clusterer = restore(files, "clusterer", clusterers, (implementation, state) =>
    implementation.restore(state, reducer.layout),
  );
  requireClusters(clusterer, imageVectors.rows);
  return { reducer, mapReducer, clusterer };
}

function restore<Stage extends { readonly kind: string }, Fitted>(
  files: ModelFiles,
  stage: StageName,
  registered: readonly Stage[],
  build: (implementation: Stage, state: StageState) => Fitted,
): Fitted {
  const { kind, params } = files.manifest.stages[stage];
  const implementation = registered.find((candidate) => candidate.kind === kind);
  if (implementation === undefined) {
    throw badModel(manifestFile, {
      expected: `a ${stage} of kind ${registered.map((candidate) => candidate.kind).join(" or ")}`,
      found: JSON.stringify(kind).slice(0, 60),
      hint: "Load the model with the implementation it was fitted with.",
    });
  }
  const state = { kind, params, arrays: arraysOf(files, stage) };
  try {
    return build(implementation, state);
  } catch (error) {
    const found = String((error as Error).message)
      .split("\n")[0]!
      .slice(0, 160);
    throw badModel(`${stageFolders[stage]}/`, {
      expected: `the state of a ${kind} fitted on these images`,
      found,
      cause: error,
    });
  }
}

function arraysOf(files: ModelFiles, stage: StageName): StageState["arrays"] {
  const { arrays } = files.manifest.stages[stage];
  const { treeRows } = files.manifest.counts;
  const tree = stage === "clusterer" && treeRows !== null ? readTree(files, treeRows) : {};
  const missing = Object.keys(tree).find((name) => !arrays.includes(name));
  if (missing !== undefined)
    throw badModel(manifestFile, { expected: `the tree's ${missing} among the arrays` });
  const entries = arrays.map((name): [string, StateArray] => {
    return [name, tree[name] ?? arrayOf(files, stageArrayFile(stage, name))];
  });
  return Object.fromEntries(entries);
}

function readTree(files: ModelFiles, rows: number): { readonly [name: string]: StateArray } {
  const bytes = files.contents.get(treeTableFile)!;
  // A row takes 20 bytes, so that a forged count cannot be larger than its file.
  if (rows * 20 > bytes.length)
    throw badModel(treeTableFile, { expected: `${rows} rows`, found: `${bytes.length} bytes` });
  return treeArrays(tableOf(files, treeTableFile, treeColumns, rows));
}

function requireClusters(
  { clusterCount, labels, probabilities, exemplars }: FittedClusterer,
  images: number,
): void {
  requireFit(
    labels.length === images && probabilities.length === images,
    "clusterer",
    "a label for every image",
  );
  requireFit(
    labels.every((label) => label >= -1 && label < clusterCount),
    "clusterer",
    "labels of its clusters, or -1",
  );
  requireFit(exemplars.length === clusterCount, "clusterer", "exemplars for every cluster");
  requireFit(
    exemplars.every((rows) => rows.every((row) => row >= 0 && row < images)),
    "clusterer",
    "exemplars among the images",
  );
}

function requireFit(holds: boolean, stage: StageName, expected: string): void {
  if (!holds) throw badModel(`${stageFolders[stage]}/`, { expected, found: "something else" });
}
