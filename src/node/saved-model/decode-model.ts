import type { LabelProof } from "../../core/concepts/label-proof.ts";
import { applyEdits, EditFault } from "../../core/edits/apply-edits.ts";
import type { ConceptError } from "../../core/errors.ts";
import { columnFault } from "../../core/image-columns.ts";
import { matrix } from "../../core/math/matrix.ts";
import type { Concept, FittedModel, ImageTable, Vocabulary } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import { checkAgreement } from "./check-agreement.ts";
import { badLine, decodeLog, lineOfEdit } from "./edit-log-format.ts";
import { readMatrix, readVectors, tableOf } from "./file-values.ts";
import { isSafePath } from "./image-paths.ts";
import { checkColumnNames, decodeUserColumns, imageTableColumns } from "./image-table.ts";
import type { Manifest } from "./manifest.ts";
import {
  conceptColumns,
  conceptTableFile,
  conceptVectorFile,
  imageTableFile,
  imageVectorFile,
  lemmaColumns,
  manifestFile,
  proofColumns,
  stabilityColumns,
  wordColumns,
  wordTableFile,
  wordVectorFile,
} from "./model-layout.ts";
import type { ModelFiles } from "./model-reader.ts";
import { type RegisteredStages, restoreStages } from "./restore-stages.ts";

/** What the tables of a saved model tell: its pictures and concepts, without vectors and fitted stages. */
export type TabledModel = Pick<
  FittedModel,
  "parameters" | "embedder" | "images" | "concepts" | "stability" | "shaping"
>;

/** The files that `decodeTables` needs. */
export function isTable(file: string): boolean {
  return file === imageTableFile || file === conceptTableFile;
}

/**
 * A model from its files. The hashes were right, but a stranger can compute hashes too: every number that something
 * else is looked up by is checked against what it indexes, and shapes against each other.
 *
 * @param tables as `decodeTables` gave them, where they were read before: `files` need not have them
 * @throws FormatError (BAD_MODEL) naming the file that does not fit the others
 */
export async function decodeModel(
  files: ModelFiles,
  registered: RegisteredStages,
  tables: TabledModel = decodeTables(files),
  work: WorkOptions = {},
): Promise<FittedModel> {
  const { manifest } = files;
  const { counts } = manifest;
  // Row counts come from the sizes of these arrays on disk, not from a claim alone.
  const imageVectors = readVectors(files, imageVectorFile, counts.images, counts.dimensions);
  const naming = decodeNaming(files);
  const stages = restoreStages(files, registered, imageVectors);
  const model: FittedModel = {
    ...tables,
    ...naming,
    imageVectors,
    ...stages,
    conceptOfLabel: decodeConceptOfLabel(manifest, stages.clusterer.clusterCount),
    ...(manifest.goneConcepts === undefined ? {} : { goneConcepts: manifest.goneConcepts }),
  };
  await checkAgreement(model, work);
  return model;
}

/**
 * The pictures of a fit and its concepts. What is said of them agrees with each other; whether the fitted stages say the same only
 * `decodeModel` can tell.
 *
 * @throws FormatError (BAD_MODEL) naming the file that does not fit the others
 */
export function decodeTables(files: ModelFiles): TabledModel {
  const { parameters, embedder } = files.manifest;
  const images = decodeImages(files);
  return { parameters, embedder, images, concepts: decodeConcepts(files, images), ...decodeStability(files) };
}

/** What concepts are named by. @throws FormatError (BAD_MODEL) naming the file that does not fit the others */
export function decodeNaming(files: ModelFiles): Pick<FittedModel, "conceptVectors" | "vocabulary"> {
  const { counts } = files.manifest;
  const conceptVectors = readMatrix(files, conceptVectorFile, counts.concepts, counts.dimensions);
  return { conceptVectors, vocabulary: decodeVocabulary(files) };
}

/**
 * The edits of a model and what they make of it.
 *
 * @throws FormatError (BAD_MODEL) naming the line of the log that cannot be read or does not fit
 */
export function applyEditLog(base: FittedModel, { editLog, checksum }: ModelFiles): LoadedModel {
  if (editLog === null) return { model: base, checksum, tornEdit: false };
  const { edits, isTorn } = decodeLog(editLog, checksum);
  try {
    return { model: applyEdits(base, edits), checksum, tornEdit: isTorn };
  } catch (error) {
    if (!(error instanceof EditFault)) throw error;
    const cause = error.cause as ConceptError;
    throw badLine(lineOfEdit(error.place), {
      expected: cause.expected ?? "an edit that fits the model",
      found: cause.found ?? error.message,
      cause,
    });
  }
}

/** A model as it was saved. */
export interface LoadedModel {
  readonly model: FittedModel;
  /** Of its `model.json`. */
  readonly checksum: string;
  /** Whether the last write to its edit log was cut off; what it wrote is ignored. */
  readonly tornEdit: boolean;
}

function decodeImages(files: ModelFiles): ImageTable {
  const { counts, imageRoot } = files.manifest;
  checkColumnNames(files.manifest);
  const table = tableOf(files, imageTableFile, imageTableColumns(files.manifest), counts.images);
  const refuse = (row: number, expected: string) => {
    if (row >= 0) throw badModel(imageTableFile, { expected, found: `something else in row ${row}` });
  };
  refuse(table.id.indexOf(""), "an id a row");
  refuse(table.path.indexOf(""), "a path a row");
  if (imageRoot !== null) {
    refuse(
      table.path.findIndex((path) => !isSafePath(path)),
      "relative paths without ..",
    );
  }
  refuse(
    table.bytes.findIndex((bytes) => bytes < 0),
    "file sizes",
  );
  const known = new Set(conceptIds(files.manifest)).add(-1);
  refuse(
    table.concept.findIndex((concept) => !known.has(concept)),
    "concepts of the model, or -1",
  );
  refuse(
    table.probability.findIndex((probability) => !(probability >= 0 && probability <= 1)),
    "probabilities from 0 to 1",
  );
  const map = new Float32Array(2 * counts.images);
  for (let i = 0; i < counts.images; i++) {
    map[2 * i] = table.x[i]!;
    map[2 * i + 1] = table.y[i]!;
  }
  const unplaced = map.findIndex((place) => !Number.isFinite(place));
  refuse(unplaced < 0 ? -1 : unplaced >> 1, "finite places on the map");
  const theirs = decodeUserColumns(files.manifest, table);
  const fault = columnFault(theirs, counts.images);
  if (fault !== null) throw badModel(imageTableFile, fault);
  return {
    ids: table.id,
    paths: table.path,
    root: imageRoot,
    bytes: table.bytes,
    concepts: table.concept,
    probabilities: table.probability,
    map: matrix(map, counts.images, 2),
    ...theirs,
  };
}

/** Concepts of a fit count from 0; those that updates emptied have left the count. */
function conceptIds({ counts, goneConcepts = [] }: Manifest): number[] {
  const gone = new Set(goneConcepts);
  const total = counts.concepts + goneConcepts.length;
  const isSound = gone.size === goneConcepts.length && goneConcepts.every((id) => id < total);
  if (!isSound) {
    throw badModel(manifestFile, { expected: `goneConcepts among ${total} ids, each once`, found: "others" });
  }
  return Array.from({ length: total }, (_, id) => id).filter((id) => !gone.has(id));
}

function decodeConcepts(files: ModelFiles, images: ImageTable): readonly Concept[] {
  const { counts } = files.manifest;
  const table = tableOf(files, conceptTableFile, conceptTableColumns(files), counts.concepts);
  const proofs = files.manifest.provenWords ? proofsOf(files) : undefined;
  const sizes = new Map<number, number>();
  for (const concept of images.concepts) sizes.set(concept, (sizes.get(concept) ?? 0) + 1);
  return conceptIds(files.manifest).map((id, place) => {
    const words = table.words[place]!;
    const scores = table.scores[place]!;
    const exemplars = table.exemplars[place]!;
    const paths = table.exemplar_paths[place]!;
    const refuse = (holds: boolean, expected: string) => {
      if (!holds) throw badModel(conceptTableFile, { expected, found: `something else in row ${place}` });
    };
    refuse(table.id[place] === id, "ids that count from 0");
    refuse(table.size[place] === (sizes.get(id) ?? 0), "sizes that count the images");
    refuse(scores.length === words.length && scores.every(Number.isFinite), "a finite score a word");
    refuse(exemplars.length > 0, "an exemplar a concept");
    refuse(
      exemplars.every((row) => row >= 0 && row < counts.images),
      "exemplars among the images",
    );
    const named =
      paths.length === exemplars.length && paths.every((path, i) => path === images.paths[exemplars[i]!]);
    refuse(named, "the paths of the exemplars");
    return {
      id,
      name: table.name[place]!,
      words: words.map((word, i) => ({ word, score: scores[i]!, ...proofs?.(place, i, words.length) })),
      size: table.size[place]!,
      exemplars,
      ...(files.manifest.seeded.includes(id) ? { seeded: true } : {}),
    };
  });
}

/** With what the manifest says that was measured. */
function conceptTableColumns({ manifest }: ModelFiles): typeof conceptColumns {
  return {
    ...conceptColumns,
    ...(manifest.provenWords ? proofColumns : {}),
    ...(manifest.stability === undefined ? {} : stabilityColumns),
  };
}

function proofsOf(files: ModelFiles): (concept: number, word: number, words: number) => LabelProof {
  const columns = { ...conceptTableColumns(files), ...proofColumns };
  const { aucs, precisions } = tableOf(files, conceptTableFile, columns, files.manifest.counts.concepts);
  return (concept, word, words) => {
    const proof = { auc: aucs[concept]![word]!, precision: precisions[concept]![word]! };
    const isShare = (value: number): boolean => value >= 0 && value <= 1;
    if (aucs[concept]!.length === words && isShare(proof.auc) && isShare(proof.precision)) return proof;
    throw badModel(conceptTableFile, {
      expected: "proofs of words from 0 to 1",
      found: `others in row ${concept}`,
    });
  };
}

function decodeStability(files: ModelFiles): Pick<FittedModel, "stability"> {
  const { stability, counts } = files.manifest;
  if (stability === undefined) return {};
  const columns = { ...conceptTableColumns(files), ...stabilityColumns };
  const { stability: jaccards } = tableOf(files, conceptTableFile, columns, counts.concepts);
  const at = jaccards.findIndex((jaccard) => !(jaccard >= 0 && jaccard <= 1));
  if (at === -1) return { stability: { ...stability, jaccards } };
  throw badModel(conceptTableFile, {
    expected: "stabilities from 0 to 1",
    found: `${jaccards[at]} in row ${at}`,
  });
}

function decodeVocabulary(files: ModelFiles): Vocabulary | null {
  const { words, dimensions } = files.manifest.counts;
  if (words === null) return null;
  const vectors = readMatrix(files, wordVectorFile, words, dimensions);
  if (!files.manifest.lemmas) {
    return { words: tableOf(files, wordTableFile, wordColumns, words).word, vectors };
  }
  const { word, lemmas } = tableOf(files, wordTableFile, { ...wordColumns, ...lemmaColumns }, words);
  const bare = lemmas.findIndex((forms) => forms.length === 0);
  if (bare === -1) return { words: word, vectors, lemmas };
  throw badModel(wordTableFile, { expected: "a lemma a word", found: `none in row ${bare}` });
}

/** Concept ids are the labels in another order, each once, with -1 for those of concepts that have gone. */
function decodeConceptOfLabel(manifest: Manifest, clusters: number): Int32Array {
  const { conceptOfLabel, goneConcepts = [] } = manifest;
  const ids = conceptIds(manifest);
  const found = conceptOfLabel.filter((id) => id !== -1).sort((a, b) => a - b);
  const permutes =
    conceptOfLabel.length === clusters &&
    clusters === ids.length + goneConcepts.length &&
    found.length === ids.length &&
    found.every((id, i) => id === ids[i]);
  if (permutes) return Int32Array.from(conceptOfLabel);
  throw badModel(manifestFile, {
    expected: `conceptOfLabel to give each of ${ids.length} concepts one label`,
    found: `${conceptOfLabel.length} labels for ${clusters} clusters`,
  });
}
