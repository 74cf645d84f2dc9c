import type { FittedModel } from "../core/model.ts";
import { sampleSize, smallestSure } from "../core/sample/sample-rows.ts";
import { ConceptModel, type FitInputs } from "../node/concept-model.ts";
import type { EmbeddingPlacement } from "../node/file-embedder.ts";
import type { EmbeddingForecast } from "../node/images/embedding-forecast.ts";
import type { SavedState } from "../node/saved-model/edit-log.ts";
import { readSavedState } from "../node/saved-model/load-model.ts";
import type { Arguments, CommandContext } from "./command.ts";
import { duration } from "./progress.ts";
import { isEditedElsewhere, type Predecessor } from "./save-over.ts";

/** What a fit of many pictures tells and saves on its way. @param replaces what is known of the model at `output` */
export function embeddingWork(
  args: Arguments,
  output: string,
  replaces: SavedState | null,
  { terminal }: CommandContext,
): Pick<FitInputs, "onPreview" | "onForecast"> {
  return {
    onForecast: (forecast) => terminal.say(forecastLine(forecast)),
    onPreview: args.flag("preview")
      ? async (model) => {
          try {
            await model.save(output, { replaces });
          } catch (error) {
            if (!isEditedElsewhere(error)) throw error;
            terminal.warn(`There is no first model: ${output} was edited meanwhile.`);
            return;
          }
          const { images, concepts } = model.fitted;
          terminal.say(
            `A first model of ${images.ids.length} pictures with ${concepts.length} concepts is at ${output}; it will be replaced.`,
          );
        }
      : undefined,
  };
}

/** The first model as somebody has edited it meanwhile: the whole one takes its edits over. */
export async function editedPreview(output: string): Promise<Predecessor> {
  const replaces = await readSavedState(output);
  if (replaces === null || replaces.edits.length === 0) return { earlier: null, replaces };
  const earlier = await ConceptModel.load(output);
  return { earlier, replaces: earlier.savedState };
}

function forecastLine({ pictures, bytes, seconds, memoryBytes, diskBytes }: EmbeddingForecast): string {
  return `${pictures} pictures of about ${size(bytes)}: ${duration(seconds)} more to embed them, up to ${size(memoryBytes)} of memory, ${size(diskBytes)} of disk for their vectors.`;
}

/** What ran where. */
export function placementLine({ device, dtype, sessions, threads, batch }: EmbeddingPlacement): string {
  const place = device === "cpu" ? "the processor" : `the device ${device}`;
  const layout =
    sessions === undefined
      ? ""
      : `, ${sessions} ${sessions === 1 ? "tower" : "towers"} of ${threads} ${threads === 1 ? "thread" : "threads"}, ${batch} pictures together`;
  return `Embedded on ${place} with ${dtype} weights${layout}.`;
}

export const SAMPLE_RANGE = { min: 1 };

/** What a fit of a sample can have missed. */
export interface SampleReport {
  /** Pictures that were fitted; the others were assigned. */
  readonly fitted: number;
  readonly pictures: number;
  /** Concepts of at least so many pictures have enough of them in the sample, with a probability of 0.95 each. */
  readonly surelyFound: number;
}

/** @returns null where everything was fitted */
export function sampleReport(args: Arguments, { images, parameters }: FittedModel): SampleReport | null {
  const [pictures, fitted] = [
    images.ids.length,
    sampleSize(args.integer("sample", SAMPLE_RANGE), images.ids.length),
  ];
  if (fitted === null) return null;
  return { fitted, pictures, surelyFound: smallestSure(pictures, fitted, parameters.minConceptSize) };
}

export function sampleLine({ fitted, pictures, surelyFound }: SampleReport): string {
  return `Fitted were ${fitted} of ${pictures} pictures: concepts of fewer than ${surelyFound} may have been missed.`;
}

/** Bytes as "24 MB" or "3.1 GB". */
function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
