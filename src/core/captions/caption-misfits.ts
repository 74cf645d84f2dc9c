import { visitProducts } from "../math/all-products.ts";
import { row, takeRows } from "../math/matrix.ts";
import type { WorkPacer } from "../math/work-pacer.ts";
import type { CaptionMisfit, CaptionReportOptions } from "./caption-report.ts";
import { centredRows } from "./centred-vectors.ts";
import { BACKGROUND, type Caption, centredScores, type Ground, sample } from "./ground.ts";

/** Captions embedded at a time: bounds memory. */
const BLOCK = 4096;

/** Scores that differ by less are equal: products of equal pictures may be rounded differently. */
const EQUAL = 1e-6;

/** Captions that fit many other pictures better than their own, worst first. */
export async function findMisfits(
  ground: Ground,
  all: readonly Caption[],
  { misfitShare = 0.25 }: CaptionReportOptions,
  work: WorkPacer,
): Promise<CaptionMisfit[]> {
  const { captions, model, imageMean, rng } = ground;
  const { images, imageVectors } = model;
  const background = sample(Array.from(captions.keys()), BACKGROUND, rng.fork(4));
  const others = centredRows(takeRows(imageVectors, background), imageMean);
  const kin = new Kin(background, captions);
  const misfits: CaptionMisfit[] = [];
  for (let start = 0; start < all.length; start += BLOCK) {
    await work.pause(start / all.length);
    const block = all.slice(start, start + BLOCK);
    const texts = centredRows(await ground.embed(block.map(({ text }) => text)), ground.textMean);
    await visitProducts(others, texts, ground.kernels, (i, scores) => {
      const caption = block[i]!;
      const { row: picture, text } = caption;
      const own = centredScores(ground, [picture], row(texts, i))[0]!;
      const share = shareNotBelow(scores, own, kin.of(caption));
      if (share === null || share < misfitShare) return;
      const concept = images.concepts[picture]!;
      misfits.push({ row: picture, path: images.paths[picture]!, concept, caption: text, share });
    });
  }
  return misfits.sort((a, b) => b.share - a.share || a.row - b.row);
}

/** @returns null where all are passed over */
function shareNotBelow(scores: Float32Array, own: number, passed: ReadonlySet<number>): number | null {
  let below = 0;
  let count = 0;
  for (let i = 0; i < scores.length; i++) {
    if (passed.has(i)) continue;
    count++;
    if (scores[i]! < own - EQUAL) below++;
  }
  return count === 0 ? null : 1 - below / count;
}

/** Pictures of the background that bear a caption themselves, or are its picture: it fits them too. */
class Kin {
  private readonly placeOf: ReadonlyMap<number, number>;
  private readonly bearers = new Map<string, number[]>();

  constructor(background: readonly number[], captions: Ground["captions"]) {
    this.placeOf = new Map(background.map((picture, place) => [picture, place]));
    background.forEach((picture, place) => {
      for (const text of captions[picture]!)
        this.bearers.set(text, [...(this.bearers.get(text) ?? []), place]);
    });
  }

  /** Places in the background. */
  of({ row: picture, text }: Caption): ReadonlySet<number> {
    const places = new Set(this.bearers.get(text));
    const own = this.placeOf.get(picture);
    return own === undefined ? places : places.add(own);
  }
}
