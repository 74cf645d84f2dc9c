import { InputError, ModelStateError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import type { Matrix } from "../math/matrix.ts";
import { referenceKernels } from "../math/reference-kernels.ts";
import { Rng } from "../math/rng.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { FittedModel } from "../model.ts";
import type { Embedder, WorkOptions } from "../stages.ts";
import { findMisfits } from "./caption-misfits.ts";
import type { CaptionReport, CaptionReportOptions } from "./caption-report.ts";
import { meanVector } from "./centred-vectors.ts";
import { type Caption, type Ground, sample } from "./ground.ts";
import { judgeConcepts } from "./said-concepts.ts";
import { judgeWords } from "./said-words.ts";

/** Pictures that stand for all where every one would be too many. */
const SAMPLE = 20_000;

/**
 * Compares what pictures show with what their captions say: concepts whose captions do not speak of them, words that no
 * picture shows, captions that do not fit their pictures. Everything is judged against a background of the same
 * collection, with the means of pictures and of captions removed, so no fixed similarity counts.
 *
 * @param embedder the one the images were embedded with
 * @param options.kernels default: the TypeScript reference
 * @throws ModelStateError (NO_CAPTIONS) when the pictures have no captions
 */
export async function compareSeenAndSaid(
  model: FittedModel,
  embedder: Pick<Embedder, "embedTexts">,
  options: CaptionReportOptions & WorkOptions & { readonly kernels?: DenseKernels | undefined } = {},
): Promise<CaptionReport> {
  const all = captionList(model);
  const rng = new Rng(model.parameters.seed);
  const embed = (texts: readonly string[]): Promise<Matrix> => {
    options.signal?.throwIfAborted();
    return embedder.embedTexts(texts, { signal: options.signal });
  };
  const sampled = sample(all, SAMPLE, rng.fork(1));
  const sampledVectors = await embed(sampled.map(({ text }) => text));
  if (sampledVectors.cols !== model.imageVectors.cols) {
    throw new InputError("Captions and images are not in one space", {
      expected: `${model.imageVectors.cols} dimensions`,
      found: `${sampledVectors.cols}`,
    });
  }
  const ground: Ground = {
    model,
    captions: model.images.captions!,
    embed,
    imageMean: meanVector(model.imageVectors),
    textMean: meanVector(sampledVectors),
    rng,
    kernels: options.kernels ?? referenceKernels,
  };
  const work = new WorkPacer(options);
  const concepts = await judgeConcepts(ground, sampled, sampledVectors, options);
  const words = await judgeWords(ground, options, work.part(0.1, 0.5));
  const misfits = await findMisfits(ground, all, options, work.part(0.5, 1));
  work.finish();
  const captioned = ground.captions.reduce((count, texts) => count + (texts.length > 0 ? 1 : 0), 0);
  const { rows: pictures } = model.imageVectors;
  return { pictures, captioned, captions: all.length, concepts, words, misfits };
}

function captionList({ images }: FittedModel): Caption[] {
  const all = (images.captions ?? []).flatMap((texts, row) => texts.map((text) => ({ row, text })));
  if (all.length > 0) return all;
  throw new ModelStateError("NO_CAPTIONS", "The pictures of this model have no captions", {
    hint: "Fit with captions: a table, sidecar files, exif or filename (--captions).",
  });
}
