import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Stability } from "../../core/compare/stability.ts";
import { keptUnwanted } from "../../core/concepts/negative-words.ts";
import { baseOf, editsOf } from "../../core/edits/plan-edit.ts";
import { InputError } from "../../core/errors.ts";
import { encodeNpy } from "../../core/format/npy.ts";
import { checkColumns } from "../../core/image-columns.ts";
import type { Matrix } from "../../core/math/matrix.ts";
import type { EmbedderReference, FittedModel, Vocabulary } from "../../core/model.ts";
import type { StageState } from "../../core/stages.ts";
import { hierarchyTable, membershipTable } from "./derived-tables.ts";
import { encodeLog } from "./edit-log-format.ts";
import { assertSafePaths } from "./image-paths.ts";
import { describeColumns, imageTableColumns, userColumnValues } from "./image-table.ts";
import { type Manifest, type ManifestStage, manifestChecksum, writeManifest } from "./manifest.ts";
import {
  conceptColumns,
  conceptTableFile,
  conceptVectorFile,
  editLogFile,
  hierarchyColumns,
  hierarchyTableFile,
  imageTableFile,
  imageVectorFile,
  isArrayName,
  lemmaColumns,
  manifestFile,
  membershipColumns,
  membershipTableFile,
  proofColumns,
  type StageName,
  stabilityColumns,
  stageArrayFile,
  treeColumns,
  treeTableFile,
  wordColumns,
  wordTableFile,
  wordVectorFile,
} from "./model-layout.ts";
import { type TableColumns, type TableValues, writeTable } from "./table.ts";
import { splitTree } from "./tree-table.ts";

/** The content of a file, in parts that are written one after the other. */
export type FileParts = readonly Uint8Array[];

/**
 * A model as the files of its folder: the fit, `model.json` at the end of it, then the edits. Equal models give equal bytes.
 *
 * @throws InputError when the model holds what cannot be loaded again: texts that are not Unicode, image paths that
 * leave their root, states with impossible names
 */
export async function encodeModel(shaped: FittedModel): Promise<ReadonlyMap<string, FileParts>> {
  const model = baseOf(shaped);
  const files = new Map<string, FileParts>();
  addImages(files, model);
  addConcepts(files, model);
  if (model.vocabulary !== null) {
    addWords(files, model.vocabulary);
  }
  const clusterer = model.clusterer.state();
  const { tree, others } = splitTree(clusterer.arrays);
  if (tree !== null) addTable(files, treeTableFile, treeColumns, tree);
  await addDerived(files, model);
  const stages = {
    reducer: addStage(files, "reducer", model.reducer.state()),
    mapReducer: addStage(files, "mapReducer", model.mapReducer.state()),
    clusterer: addStage(files, "clusterer", clusterer, others),
  };
  const manifest = writeManifest({
    packageVersion: await packageVersion(),
    ...describeModel(model, tree?.parent.length ?? null),
    stages,
    files: describeFiles(files),
  });
  files.set(manifestFile, [new TextEncoder().encode(manifest)]);
  const log = encodeLog(manifestChecksum(manifest)!, editsOf(shaped));
  if (log.length > 0) files.set(editLogFile, log);
  return files;
}

function addImages(files: Map<string, FileParts>, { images, imageVectors }: FittedModel): void {
  if (images.root !== null) assertSafePaths(images.paths);
  const places = images.paths.length;
  checkColumns(images, places);
  addTable(files, imageTableFile, imageTableColumns(describeColumns(images)), {
    ...userColumnValues(images),
    id: images.ids,
    path: images.paths,
    bytes: images.bytes,
    concept: images.concepts,
    probability: images.probabilities,
    x: Float32Array.from({ length: places }, (_, i) => images.map.data[2 * i]!),
    y: Float32Array.from({ length: places }, (_, i) => images.map.data[2 * i + 1]!),
  });
  addArray(files, imageVectorFile, imageVectors);
}

function addWords(files: Map<string, FileParts>, { words, vectors, lemmas }: Vocabulary): void {
  if (lemmas === undefined) addTable(files, wordTableFile, wordColumns, { word: words });
  else addTable(files, wordTableFile, { ...wordColumns, ...lemmaColumns }, { word: words, lemmas });
  addArray(files, wordVectorFile, vectors);
}

function addConcepts(
  files: Map<string, FileParts>,
  { concepts, conceptVectors, images, stability }: FittedModel,
): void {
  const table = {
    id: Int32Array.from(concepts, ({ id }) => id),
    name: concepts.map(({ name }) => name),
    size: Int32Array.from(concepts, ({ size }) => size),
    words: concepts.map(({ words }) => words.map(({ word }) => word)),
    scores: concepts.map(({ words }) => Float64Array.from(words, ({ score }) => score)),
    exemplars: concepts.map(({ exemplars }) => exemplars),
    exemplar_paths: concepts.map(({ exemplars }) => Array.from(exemplars, (row) => images.paths[row] ?? "")),
  };
  const proof = {
    aucs: concepts.map(({ words }) => Float64Array.from(words, ({ auc }) => auc ?? 0)),
    precisions: concepts.map(({ words }) => Float64Array.from(words, ({ precision }) => precision ?? 0)),
  };
  const isProven = hasProvenWords({ concepts });
  const columns = {
    ...conceptColumns,
    ...(isProven ? proofColumns : {}),
    ...(stability === undefined ? {} : stabilityColumns),
  };
  addTable(files, conceptTableFile, columns, {
    ...table,
    ...(isProven ? proof : {}),
    ...(stability === undefined ? {} : { stability: stability.jaccards }),
  });
  addArray(files, conceptVectorFile, conceptVectors);
}

async function addDerived(files: Map<string, FileParts>, model: FittedModel): Promise<void> {
  const memberships = await membershipTable(model);
  if (memberships !== null) addTable(files, membershipTableFile, membershipColumns, memberships);
  const hierarchy = await hierarchyTable(model);
  if (hierarchy !== null) addTable(files, hierarchyTableFile, hierarchyColumns, hierarchy);
}

/** @param stored the arrays that become `.npy` files */
function addStage(
  files: Map<string, FileParts>,
  stage: StageName,
  state: StageState,
  stored: StageState["arrays"] = state.arrays,
): ManifestStage {
  const names = Object.keys(state.arrays);
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  if (!names.every(isArrayName) || distinct.size !== names.length) {
    throw new InputError(`The ${stage} has arrays that cannot be files`, {
      expected: "names of letters and digits that differ in more than case",
      found: names.join(", ").slice(0, 100),
    });
  }
  for (const [name, values] of Object.entries(stored)) addArray(files, stageArrayFile(stage, name), values);
  return { kind: state.kind, params: state.params, arrays: names };
}

function addTable<Columns extends TableColumns>(
  files: Map<string, FileParts>,
  file: string,
  columns: Columns,
  values: TableValues<Columns>,
): void {
  for (const [name, column] of Object.entries(values)) {
    if (columns[name]!.startsWith("text")) assertUnicode(file, name, column as TextColumn);
  }
  files.set(file, [writeTable(columns, values)]);
}

type TextColumn = readonly (string | readonly string[])[];

/** A lone surrogate has no UTF-8 and would come back as another text. */
function assertUnicode(file: string, column: string, texts: TextColumn): void {
  for (const text of texts.flat()) {
    if (/\p{Surrogate}/u.test(text)) {
      throw new InputError(`A text for the column ${column} of ${file} is not Unicode`, {
        found: JSON.stringify(text).slice(0, 100),
        hint: "Rename the file or the word, then fit again.",
      });
    }
  }
}

function addArray(
  files: Map<string, FileParts>,
  file: string,
  values: Matrix | StageState["arrays"][string],
): void {
  const { header, body } = encodeNpy(values);
  files.set(file, [header, body]);
}

function describeModel(
  model: FittedModel,
  treeRows: number | null,
): Omit<Manifest, "packageVersion" | "stages" | "files"> {
  const { parameters, embedder, images, imageVectors, concepts, vocabulary } = model;
  return {
    parameters: {
      minConceptSize: parameters.minConceptSize,
      diversity: parameters.diversity,
      wordScoring: parameters.wordScoring,
      seed: parameters.seed,
      // Left out where they are not set, as in models of earlier versions.
      ...(parameters.wordDiversity === undefined ? {} : { wordDiversity: parameters.wordDiversity }),
      ...keptUnwanted(parameters),
      ...(parameters.collapseDuplicates === undefined
        ? {}
        : { collapseDuplicates: parameters.collapseDuplicates }),
    },
    embedder: embedder === null ? null : describeEmbedder(embedder),
    imageRoot: images.root,
    counts: {
      images: imageVectors.rows,
      concepts: concepts.length,
      words: vocabulary === null ? null : vocabulary.words.length,
      dimensions: imageVectors.cols,
      treeRows,
    },
    ...describeColumns(images),
    ...(hasProvenWords(model) ? { provenWords: true as const } : {}),
    ...(vocabulary?.lemmas === undefined ? {} : { lemmas: true as const }),
    seeded: concepts.filter(({ seeded }) => seeded === true).map(({ id }) => id),
    ...(model.stability === undefined ? {} : { stability: describeStability(model.stability) }),
    conceptOfLabel: [...model.conceptOfLabel],
    ...(model.goneConcepts === undefined ? {} : { goneConcepts: model.goneConcepts }),
  };
}

/** Whether every word was put to the test; words of captions are not. */
function hasProvenWords({ concepts }: Pick<FittedModel, "concepts">): boolean {
  const words = concepts.flatMap((concept) => concept.words);
  return (
    words.length > 0 && words.every(({ auc, precision }) => auc !== undefined && precision !== undefined)
  );
}

function describeStability({ runs, share, seed }: Stability): Manifest["stability"] {
  return { runs, share, seed };
}

/** Key by key, so that equal references give equal bytes. */
function describeEmbedder({ id, model, dtype, revision, template }: EmbedderReference): EmbedderReference {
  return { id, model, dtype, revision, template };
}

function describeFiles(files: ReadonlyMap<string, FileParts>): Manifest["files"] {
  const entries = [...files].map(([file, parts]) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    return [file, { bytes, sha256: hash.digest("hex") }] as const;
  });
  return Object.fromEntries(entries);
}

/** The package's own `package.json` lies three folders up, seen from src and from dist alike. */
async function packageVersion(): Promise<string> {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
