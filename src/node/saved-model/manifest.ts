import { createHash } from "node:crypto";
import type { Stability } from "../../core/compare/stability.ts";
import { keptUnwanted, type UnwantedWords } from "../../core/concepts/negative-words.ts";
import {
  type EmbedderReference,
  type ImageColumn,
  type ModelParameters,
  WORD_LANGUAGES,
  WORD_SCORINGS,
} from "../../core/model.ts";
import type { StageState } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import { JsonField } from "./json-field.ts";
import { formatName, formatVersion, isArrayName, manifestFile, type StageName } from "./model-layout.ts";

/** A stage without its arrays: those are files. */
export interface ManifestStage {
  readonly kind: string;
  readonly params: StageState["params"];
  /** Names of its arrays. */
  readonly arrays: readonly string[];
}

/** What `model.json` says beside format, version and checksum. */
export interface Manifest {
  /** Version of the package that wrote it; for people, decides nothing. */
  readonly packageVersion: string;
  readonly parameters: ModelParameters;
  readonly embedder: EmbedderReference | null;
  readonly imageRoot: string | null;
  readonly counts: {
    readonly images: number;
    readonly concepts: number;
    /** null where the model has no vocabulary */
    readonly words: number | null;
    readonly dimensions: number;
    /** Rows of the clusterer's condensed tree; null where it has none */
    readonly treeRows: number | null;
  };
  /** The user's columns in the table of images, and whether it has captions. */
  readonly userColumns: readonly Pick<ImageColumn, "name" | "type">[];
  readonly captions: boolean;
  /** Whether the table of concepts tells how well words find their concepts. */
  readonly provenWords?: true | undefined;
  /** Whether the table of words tells their lemmas. */
  readonly lemmas?: true | undefined;
  /** How stability was measured, where it was. */
  readonly stability?: Pick<Stability, "runs" | "share" | "seed"> | undefined;
  /** Ids of the concepts that were known before the fit. */
  readonly seeded: readonly number[];
  readonly conceptOfLabel: readonly number[];
  /** Ids of concepts of the fit that updates left without images; absent for none. */
  readonly goneConcepts?: readonly number[] | undefined;
  readonly stages: { readonly [stage in StageName]: ManifestStage };
  /** Every other file of the model. */
  readonly files: { readonly [file: string]: { readonly bytes: number; readonly sha256: string } };
}

/**
 * `model.json`: the manifest, indented, with a sha-256 of itself as its last entry. Equal manifests give equal texts.
 */
export function writeManifest(manifest: Manifest): string {
  const { reducer, mapReducer, clusterer } = manifest.stages;
  const content = {
    format: formatName,
    formatVersion,
    ...manifest,
    stages: {
      reducer: writeStage(reducer),
      mapReducer: writeStage(mapReducer),
      clusterer: writeStage(clusterer),
    },
  };
  return `${JSON.stringify({ ...content, checksum: checksumOf(content) }, null, 2)}\n`;
}

/**
 * Reads `model.json`, taking nothing in it for granted.
 *
 * @throws FormatError (BAD_MODEL) when it is torn, edited, of another format or version, or malformed
 */
export function readManifest(text: string): Manifest {
  const value = parseManifest(text);
  const root = new JsonField(value, manifestFile);
  if (root.get("format").value !== formatName) {
    throw badModel(manifestFile, { expected: "a saved concept model", found: "another format" });
  }
  const version = root.get("formatVersion").value;
  if (version !== formatVersion) {
    throw badModel(manifestFile, {
      expected: `format version ${formatVersion}`,
      found: `version ${JSON.stringify(version)?.slice(0, 20)}`,
      hint: "It was made by another version of conceptmodel: update the package, or fit and save the model again.",
    });
  }
  const { checksum, ...content } = value;
  if (checksum !== checksumOf(content)) {
    throw badModel(manifestFile, { expected: "its own checksum", found: "content that was edited or torn" });
  }
  return readContent(root);
}

/** The checksum that a text of `model.json` carries, which tells one model from another; null where it carries none. */
export function manifestChecksum(text: string): string | null {
  try {
    const checksum = (JSON.parse(text) as { readonly checksum?: unknown } | null)?.checksum;
    return typeof checksum === "string" ? checksum : null;
  } catch {
    return null;
  }
}

/** Whether a text is some `model.json` of ours, whole or not of this version. */
export function isManifest(text: string): boolean {
  try {
    return (JSON.parse(text) as { readonly format?: unknown } | null)?.format === formatName;
  } catch {
    return false;
  }
}

function parseManifest(text: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw badModel(manifestFile, { expected: "JSON", found: "a torn or damaged file", cause: error });
  }
  throw badModel(manifestFile, { expected: "a JSON object", found: "something else" });
}

function readContent(root: JsonField): Manifest {
  const counts = root.get("counts");
  const stages = root.get("stages");
  const parameters = root.get("parameters");
  return {
    packageVersion: root.get("packageVersion").text(),
    parameters: {
      minConceptSize: parameters.get("minConceptSize").integer(1),
      diversity: parameters.get("diversity").number(0, 1),
      wordScoring: parameters.get("wordScoring").oneOf(WORD_SCORINGS),
      seed: parameters.get("seed").number(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      ...wordParameters(parameters),
      ...collapse(parameters.find("collapseDuplicates")),
    },
    embedder: root.get("embedder").orNull(readEmbedder),
    imageRoot: root.get("imageRoot").orNull((field) => field.text()),
    counts: {
      images: counts.get("images").integer(0),
      concepts: counts.get("concepts").integer(0),
      words: counts.get("words").orNull((field) => field.integer(0)),
      dimensions: counts.get("dimensions").integer(1),
      treeRows: counts.get("treeRows").orNull((field) => field.integer(0)),
    },
    userColumns: root.find("userColumns")?.list(readUserColumn) ?? [],
    captions: root.find("captions")?.truth() ?? false,
    provenWords: root.find("provenWords")?.truth() ? true : undefined,
    lemmas: root.find("lemmas")?.truth() ? true : undefined,
    stability: root.find("stability")?.orNull(readStability) ?? undefined,
    seeded: root.find("seeded")?.list((field) => field.integer(0)) ?? [],
    conceptOfLabel: root.get("conceptOfLabel").list((field) => field.integer(-1)),
    goneConcepts: root.find("goneConcepts")?.list((field) => field.integer(0)),
    stages: {
      reducer: readStage(stages.get("reducer")),
      mapReducer: readStage(stages.get("mapReducer")),
      clusterer: readStage(stages.get("clusterer")),
    },
    files: root.get("files").record((file) => ({
      bytes: file.get("bytes").integer(0),
      sha256: file.get("sha256").text(),
    })),
  };
}

function readStability(field: JsonField): Pick<Stability, "runs" | "share" | "seed"> {
  return {
    runs: field.get("runs").integer(1),
    share: field.get("share").number(0, 1),
    seed: field.get("seed").number(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  };
}

/** What models of earlier versions lack. */
function wordParameters(parameters: JsonField): Pick<ModelParameters, "wordDiversity"> & UnwantedWords {
  const wordDiversity = parameters.find("wordDiversity")?.number(0, 1);
  const words = (name: string): string[] | undefined => parameters.find(name)?.list((word) => word.text());
  return {
    ...(wordDiversity === undefined ? {} : { wordDiversity }),
    ...keptUnwanted({
      negativeWords: words("negativeWords"),
      stopWords: words("stopWords"),
      wordLanguage: parameters.find("wordLanguage")?.oneOf(WORD_LANGUAGES),
    }),
  };
}

function collapse(threshold: JsonField | null): Pick<ModelParameters, "collapseDuplicates"> {
  return threshold === null ? {} : { collapseDuplicates: threshold.number(0, 2) };
}

function readUserColumn(field: JsonField): Manifest["userColumns"][number] {
  return { name: field.get("name").text(), type: field.get("type").oneOf(["text", "number", "date"]) };
}

function readEmbedder(field: JsonField): EmbedderReference {
  return {
    id: field.get("id").text(),
    model: field.get("model").text(),
    dtype: field.get("dtype").text(),
    revision: field.get("revision").text(),
    template: field.get("template").text(),
  };
}

function readStage(field: JsonField): ManifestStage {
  const arrays = field.get("arrays").list((name) => name.text());
  if (!arrays.every(isArrayName)) throw field.get("arrays").unexpected("names of letters and digits");
  return { kind: field.get("kind").text(), params: field.get("params").record(readParam), arrays };
}

// JSON has no infinities, no NaN and no -0, which a parameter may well be.
function writeStage({ kind, params, arrays }: ManifestStage): unknown {
  const entries = Object.entries(params).map(([name, value]) => {
    const plain = typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0));
    return [name, plain ? value : { number: Object.is(value, -0) ? "-0" : String(value) }];
  });
  return { kind, params: Object.fromEntries(entries), arrays };
}

function readParam(field: JsonField): StageState["params"][string] {
  const { value } = field;
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return value as StageState["params"][string];
  }
  return Number(field.get("number").oneOf(["Infinity", "-Infinity", "NaN", "-0"]));
}

/** Indentation and key order of the file do not count, its content does. */
function checksumOf(content: object): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
