import path from "node:path";
import { collapsedCount } from "../core/compare/collapsed-reducer.ts";
import type { OutlierStrategy } from "../core/edits/edit.ts";
import { InputError } from "../core/errors.ts";
import { countOutliers, type FittedModel, WORD_SCORINGS } from "../core/model.ts";
import { ConceptModel, type FitInputs } from "../node/concept-model.ts";
import type { CollectionOptions } from "../node/inputs/collection.ts";
import { containerKindOf } from "../node/inputs/container-kinds.ts";
import { extensionOf } from "../node/inputs/folder.ts";
import { isPictureTable } from "../node/inputs/parquet-file.ts";
import { readPathList } from "../node/inputs/path-list.ts";
import { readSavedState } from "../node/saved-model/load-model.ts";
import { assertReplaceable, isSamePlace } from "../node/saved-model/save-model.ts";
import { readVectors } from "../node/vectors/read-vectors.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { conceptTable } from "./concept-table.ts";
import { dryRun } from "./dry-run.ts";
import { givenPictures, INPUT_OPTIONS, INPUT_OPTIONS_HELP, inputOptions } from "./input-options.ts";
import {
  editedPreview,
  embeddingWork,
  placementLine,
  SAMPLE_RANGE,
  type SampleReport,
  sampleLine,
  sampleReport,
} from "./long-run.ts";
import {
  METADATA_OPTIONS,
  METADATA_OPTIONS_HELP,
  metadataOptions,
  reportMetadata,
} from "./metadata-options.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, MODEL_OPTIONS_HELP, modelOptions } from "./model-options.ts";
import { duration, StepProgress } from "./progress.ts";
import { type Predecessor, type Succession, saveOver } from "./save-over.ts";
import { SEED_OPTIONS, SEED_OPTIONS_HELP, seedOptions } from "./seed-options.ts";
import { outlierReduction } from "./shape-report.ts";
import { reportIgnored, reportSkipped, skippedBeside, writeSkipped } from "./skipped.ts";
import { printable } from "./table.ts";
import { readDocs, VOCABULARY_OPTIONS, VOCABULARY_OPTIONS_HELP, wordOptions } from "./vocabulary-options.ts";

/** What people may take for readable; folders of such a name are rare. */
const OTHER_EXTENSIONS = new Set(["npz", "txt", "h5", "pt"]);

const VECTOR_EXTENSIONS = new Set(["npy", "parquet", "json", "pkl", "pickle"]);

export const fitCommand: Command = {
  help: `concept fit PICTURES... -o OUT    find the concepts of pictures and save them as a model

PICTURES are folders (searched through), files, patterns ("photos/**/*.jpg"), archives (.zip, .tar, .tar.gz), videos,
tables (.csv, .tsv, .jsonl, .parquet), or - for a list on standard input; or one file of vectors: .npy, .parquet, .json, .pkl.
Embeddings are kept as they are made: a run that was stopped goes on where it was.

  -o, --output DIR      the model, a folder of open files (an earlier model there is replaced)
${INPUT_OPTIONS_HELP}
      --skipped FILE    where pictures that cannot be used are listed (default: OUT.skipped.csv)
      --dry-run         only tell how many pictures there are, what is cached and what would be skipped
      --strict          any of them ends the fit: exit code 1, nothing saved
${MODEL_OPTIONS_HELP}
      --docs FILE       texts whose words may name the concepts, one a line
${VOCABULARY_OPTIONS_HELP}
      --template TEXT   how words are put to the model, e.g. "a photo of a {}" (default "{}")
      --min-size N      smallest concept (default 30; a tenth of collections under 300)
      --diversity D     0: exemplars closest to the concept, 1: unlike each other (default 0.3)
      --words HOW       contrastive (default): against what the other concepts have in common; cosine,
                        ctfidf, or captions: what sets a concept's captions apart
      --word-diversity D   0: the best words, 1: words unlike each other (default 0)
      --ctfidf          the same as --words ctfidf
${SEED_OPTIONS_HELP}
${METADATA_OPTIONS_HELP}
      --collapse-duplicates   near-duplicates and bursts count as one picture when concepts are found
      --reduce-outliers S   give pictures in none to concepts: membership, exemplar, neighbors
      --threshold T     how strong that must be, 0 to 1 (default 0.01, 0.75, 0.3)
      --continue OLD    carry ids, names and edits of an earlier model over
      --seed N          another draw (default 42); the same seed gives the same model
      --sample N        fit N pictures drawn evenly, assign the rest to what they show
      --preview         save a first model of 1,000 pictures as soon as they are embedded, to be replaced
For vectors:
      --images LIST     the pictures they belong to, one path a line
      --doc-embeddings FILE   vectors of --docs
${COMMON_OPTIONS_HELP}

Examples:
  concept fit ./photos -o photos.concept
  concept fit ./photos -o photos.concept --model siglip2-base --min-size 15
  find . -name "*.jpg" -print0 | concept fit - -o photos.concept
  concept fit shards/*.tar --exclude "*thumb*" -o photos.concept
  concept fit vectors.npy -o vectors.concept --images paths.txt --model clip-vit-b-32

Exit codes: 0 done, 3 done but some files were skipped (listed), 1 failed, 2 wrong usage, 130 interrupted.`,
  options: {
    ...MODEL_OPTIONS,
    ...INPUT_OPTIONS,
    ...METADATA_OPTIONS,
    ...VOCABULARY_OPTIONS,
    ...SEED_OPTIONS,
    output: { type: "string", short: "o" },
    docs: { type: "string" },
    "doc-embeddings": { type: "string" },
    template: { type: "string" },
    images: { type: "string" },
    "min-size": { type: "string" },
    diversity: { type: "string" },
    ctfidf: { type: "boolean" },
    "word-diversity": { type: "string" },
    words: { type: "string" },
    "collapse-duplicates": { type: "boolean" },
    "reduce-outliers": { type: "string" },
    threshold: { type: "string" },
    continue: { type: "string" },
    seed: { type: "string" },
    skipped: { type: "string" },
    strict: { type: "boolean" },
    "dry-run": { type: "boolean" },
    preview: { type: "boolean" },
    sample: { type: "string" },
  },
  positionals: [0, Infinity],
  run: fit,
};

async function fit(args: Arguments, context: CommandContext): Promise<number> {
  const started = Date.now();
  if (args.flag("dry-run")) return dryFit(args, context);
  const output = args.text("output");
  if (output === undefined) throw new UsageError("Say where to write the model: -o photos.concept");
  const mayBringCaptions = args.positionals.some((name) => containerKindOf(name) !== undefined);
  if (args.text("words") === "captions" && args.text("captions") === undefined && !mayBringCaptions) {
    throw new UsageError("--words captions needs --captions");
  }
  await assertReplaceable(output);
  const reduction = outlierReduction(args, ["membership", "exemplar", "neighbors"]);
  const succession = await findSuccession(args, output);
  const model = new ConceptModel({
    ...modelOptions(args),
    promptTemplate: args.text("template"),
    ...(await wordOptions(args)),
    minConceptSize: args.integer("min-size", { min: 2 }),
    diversity: args.number("diversity", { min: 0, max: 1 }),
    wordScoring: args.choice("words", WORD_SCORINGS),
    ctfidf: args.flag("ctfidf"),
    wordDiversity: args.number("word-diversity", { min: 0, max: 1 }),
    collapseDuplicates: args.flag("collapse-duplicates"),
    seed: args.integer("seed", { min: 0, max: Number.MAX_SAFE_INTEGER }),
  });
  const skippedFile = args.text("skipped") ?? skippedBeside(output);
  let saved = output;
  try {
    const embedding = embeddingWork(args, output, succession.first.replaces, context);
    await fitInputs(model, args, embedding, context).catch(async (error: unknown) => {
      // Whoever asked for --strict looks there for what is to be mended. A list that cannot be written must not hide the reason.
      if (model.skipped.length > 0) await writeSkipped(model.skipped, skippedFile).catch(() => undefined);
      throw error;
    });
    const shape = async (earlier: ConceptModel | null): Promise<void> => {
      await shapeFit(model, earlier, reduction, context);
      context.signal.throwIfAborted();
    };
    saved = await saveOver(model, { output, ...succession, shape }, context.terminal);
  } finally {
    await model.close();
  }
  const sample = sampleReport(args, model.fitted);
  reportFit(model, { output: saved, skippedFile, sample }, (Date.now() - started) / 1000, context);
  reportSeeds(model, args, context);
  // Last: a list that cannot be written must not cost the model.
  await writeSkipped(model.skipped, skippedFile);
  return model.skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}

async function dryFit(args: Arguments, context: CommandContext): Promise<number> {
  const model = new ConceptModel(modelOptions(args));
  try {
    return await dryRun(model, await givenPictures(args, args.positionals), args, context);
  } finally {
    await model.close();
  }
}

/** @throws InputError rather than lose the edits of a model that would be replaced */
async function findSuccession(
  args: Arguments,
  output: string,
): Promise<Pick<Succession, "first" | "latest">> {
  const folder = args.text("continue");
  const replaces = await readSavedState(output);
  if (folder === undefined) {
    if (replaces === null || replaces.edits.length === 0) {
      const first = { earlier: null, replaces };
      return { first, latest: args.flag("preview") ? () => editedPreview(output) : null };
    }
    throw new InputError(`The model at ${output} has edits, which a new fit would lose`, {
      hint: `Carry them over with --continue ${output}, or choose another folder, or delete this one.`,
    });
  }
  const earlier = await ConceptModel.load(folder);
  if (!(await isSamePlace(folder, output))) return { first: { earlier, replaces }, latest: null };
  const latest = async (): Promise<Predecessor> => {
    // Whoever has deleted it meanwhile has asked for its edits all the same.
    if ((await readSavedState(output)) === null) return { earlier, replaces: null };
    const now = await ConceptModel.load(output);
    return { earlier: now, replaces: now.savedState };
  };
  return { first: { earlier, replaces: earlier.savedState }, latest };
}

async function shapeFit(
  model: ConceptModel,
  earlier: ConceptModel | null,
  reduction: ReturnType<typeof outlierReduction<OutlierStrategy>>,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (earlier !== null) {
    const { kept, ended } = await model.continueFrom(earlier, { signal });
    terminal.say(`Continued: ${kept.length} concepts go on, ${ended.length} ended.`);
  }
  const { reduceOutliers: strategy, threshold } = reduction;
  if (strategy !== undefined) await model.reduceOutliers({ strategy, threshold }, { signal });
}

async function fitInputs(
  model: ConceptModel,
  args: Arguments,
  embedding: Pick<FitInputs, "onPreview" | "onForecast">,
  context: CommandContext,
): Promise<void> {
  const progress = new StepProgress(context.terminal);
  const work = {
    ...embedding,
    sample: args.integer("sample", SAMPLE_RANGE),
    signal: context.signal,
    onProgress: (step: string, done: number) => progress.report(step, done),
    metadata: metadataOptions(args),
    seeds: seedOptions(args),
    inputs: inputOptions(args),
    strict: args.flag("strict"),
  };
  const pictures = await givenPictures(args, args.positionals);
  const vectorFile = (await isVectorFile(pictures, work.inputs)) ? pictures[0]! : null;
  const withoutModel = vectorFile !== null && args.text("model") === undefined;
  if (withoutModel && args.text("docs") !== undefined && args.text("doc-embeddings") === undefined) {
    throw new UsageError("Vectors with --docs need --doc-embeddings, or the --model that made the vectors");
  }
  if (args.text("doc-embeddings") !== undefined && args.text("docs") === undefined) {
    throw new UsageError("--doc-embeddings are the vectors of --docs: give both");
  }
  if (withoutModel && args.text("vocabulary") === "wordnet") {
    throw new UsageError("Vectors with --vocabulary wordnet need the --model that made the vectors");
  }
  const docs = await readDocs(args, withoutModel);
  if (vectorFile === null) {
    if (args.text("images") !== undefined || args.text("doc-embeddings") !== undefined) {
      throw new UsageError("--images and --doc-embeddings go with a file of vectors");
    }
    await model.fit(pictures, { ...work, docs });
    return;
  }
  const { vectors, names } = await readVectors(vectorFile);
  const list = args.text("images");
  const docVectors = args.text("doc-embeddings");
  const inputs: FitInputs = {
    ...work,
    docs,
    imageEmbeddings: vectors,
    imageNames: names ?? undefined,
    docEmbeddings: docVectors === undefined ? undefined : (await readVectors(docVectors)).vectors,
  };
  await model.fit(list === undefined ? [] : await imageList(list), inputs);
}

async function isVectorFile(inputs: readonly string[], { imageColumn }: CollectionOptions): Promise<boolean> {
  const other = inputs.find((input) => OTHER_EXTENSIONS.has(extensionOf(input)));
  if (other !== undefined) {
    throw new UsageError(
      `"${other}" is neither pictures nor vectors; a list of pictures is read by --from-file, vectors from .npy, .parquet, .json, .pkl`,
    );
  }
  let vectorFiles = 0;
  for (const input of inputs) {
    if (!VECTOR_EXTENSIONS.has(extensionOf(input))) continue;
    const isTable = extensionOf(input) === "parquet" && (await isPictureTable(input, imageColumn));
    if (!isTable) vectorFiles++;
  }
  if (inputs.length > 1 && vectorFiles > 0) throw new UsageError("A file of vectors stands alone");
  return vectorFiles > 0;
}

async function imageList(file: string): Promise<string[]> {
  const folder = path.dirname(path.resolve(file));
  return (await readPathList(file)).map((name) => path.resolve(folder, name));
}

/** A name that found no pictures is told, even where nothing else is. */
function reportSeeds(model: ConceptModel, args: Arguments, { terminal }: CommandContext): void {
  const found = new Set(model.fitted.concepts.filter(({ seeded }) => seeded).map(({ name }) => name));
  const empty = (seedOptions(args) ?? []).filter(({ name }) => !found.has(name));
  if (empty.length === 0) return;
  terminal.warn(`No picture is close enough to: ${empty.map(({ name }) => printable(name)).join(", ")}.`);
}

interface WrittenFit {
  readonly output: string;
  readonly skippedFile: string;
  readonly sample: SampleReport | null;
}

function reportFit(
  model: ConceptModel,
  { output, skippedFile, sample }: WrittenFit,
  seconds: number,
  { terminal }: CommandContext,
): void {
  const { fitted, skipped, embedded } = model;
  const outliers = countOutliers(fitted.images);
  if (terminal.json) {
    terminal.printJson({
      images: fitted.images.ids.length,
      embedded: embedded.anew,
      placement: model.placement,
      ...(sample === null ? {} : { sample }),
      cached: embedded.cached,
      skipped,
      ignored: model.ignored,
      metadata: model.metadata,
      concepts: fitted.concepts.length,
      outliers,
      outlierShare: model.outlierShare,
      ...(collapsedCount(fitted) === null ? {} : { collapsed: collapsedCount(fitted) }),
      model: output,
      embedder: fitted.embedder?.model ?? null,
      seconds,
    });
    return;
  }
  if (fitted.concepts.length > 0) terminal.print(conceptTable(fitted, terminal));
  terminal.say(summary(fitted, outliers, seconds));
  if (sample !== null) terminal.say(sampleLine(sample));
  if (embedded.anew > 0 && model.placement !== null) terminal.say(placementLine(model.placement));
  reportSkipped(skipped, terminal, skippedFile);
  reportIgnored(model.ignored, terminal);
  reportMetadata(model.metadata, fitted.images.ids.length, terminal);
  const next = fitted.concepts.length > 0 ? ` Next: concept visualize ${output} -o concepts.png` : "";
  terminal.say(`Saved as ${output}.${next}`);
}

function summary(fitted: FittedModel, outliers: number, seconds: number): string {
  const images = fitted.images.ids.length;
  const share = Math.round((100 * outliers) / images);
  const pictures = images === 1 ? "1 picture" : `${images} pictures`;
  const collapsed = collapsedCount(fitted);
  const duplicates = collapsed === null ? "" : ` (${collapsed} near-duplicates counted with others)`;
  return `${pictures}${duplicates}, ${fitted.concepts.length} concepts, ${outliers} in none (${share} %), ${duration(seconds)}.${advice(fitted, share)}`;
}

/** What to try where the concepts are likely not what was hoped for. */
function advice({ concepts, images, parameters }: FittedModel, outlierShare: number): string {
  if (images.ids.length < 10 && concepts.length === 0)
    return " These are too few pictures to find concepts in.";
  if (concepts.length > 0 && outlierShare <= 30) return "";
  return parameters.minConceptSize > 3 ? ` Try a smaller --min-size than ${parameters.minConceptSize}.` : "";
}
