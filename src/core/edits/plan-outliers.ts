import { placesById } from "../concept-lookup.ts";
import { InputError } from "../errors.ts";
import { takeRows } from "../math/matrix.ts";
import type { FittedModel } from "../model.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { OutlierStrategy, ReducedOutliers } from "./edit.ts";
import type { OutlierOptions } from "./edit-request.ts";
import { visitConceptStrengths } from "./memberships.ts";
import { PictureIndex } from "./picture-keys.ts";
import type { PlanContext } from "./plan-context.ts";

/** Strengths below which a picture stays where it is. */
const THRESHOLDS: Readonly<Record<OutlierStrategy, number>> = {
  membership: 0.01,
  exemplar: 0.75,
  neighbors: 0.3,
};

const NEIGHBORS = 20;

/** Pictures compared at a time: bounds the memory of the kernels. */
const BLOCK = 4096;

/** The best concept of some outliers: `concepts[i]` (-1 for none) with `strengths[i]`, 0 to 1. */
interface Candidates {
  readonly concepts: Int32Array;
  readonly strengths: Float64Array;
}

/**
 * Finds concepts for the pictures in none. Pictures that a person took out of concepts stay out.
 *
 * @param byHand 1 for each picture that a person put where it is
 * @throws InputError (`BAD_OPTION`) for an unknown strategy, or a threshold out of range
 */
export async function planOutliers(
  model: FittedModel,
  byHand: Uint8Array,
  options: OutlierOptions,
  context: PlanContext,
): Promise<ReducedOutliers> {
  const { strategy, threshold = THRESHOLDS[strategy] } = options;
  if (!Object.hasOwn(THRESHOLDS, strategy)) {
    throw badOption("The strategy is unknown", Object.keys(THRESHOLDS).join(", "), strategy);
  }
  if (!(threshold >= 0 && threshold <= 1)) {
    throw badOption("The threshold is out of range", "a number from 0 to 1", threshold);
  }
  const outliers: number[] = [];
  model.images.concepts.forEach((concept, picture) => {
    if (concept === -1 && byHand[picture] === 0) outliers.push(picture);
  });
  const rows = Int32Array.from(outliers);
  const found = await CANDIDATES[strategy](model, rows, context);
  const index = new PictureIndex(model.images);
  const chosen = [...rows.keys()].filter(
    (i) => found.concepts[i] !== -1 && found.strengths[i]! > 0 && found.strengths[i]! >= threshold,
  );
  return {
    strategy,
    threshold,
    pictures: chosen.map((i) => index.keyOf(rows[i]!)),
    concepts: chosen.map((i) => found.concepts[i]!),
    // Four digits say all there is to say, and keep the log short.
    strengths: chosen.map((i) => Math.max(1e-4, Math.min(1, Math.round(found.strengths[i]! * 1e4) / 1e4))),
  };
}

const CANDIDATES: Readonly<
  Record<OutlierStrategy, (model: FittedModel, rows: Int32Array, context: PlanContext) => Promise<Candidates>>
> = { membership: byMembership, exemplar: byExemplar, neighbors: byNeighbors };

async function byMembership(model: FittedModel, rows: Int32Array, context: PlanContext): Promise<Candidates> {
  const found = noCandidates(rows.length);
  let i = 0;
  await visitConceptStrengths(model, rows, context, (_row, strengths) => {
    for (const [concept, strength] of strengths) offer(found, i, concept, strength);
    i++;
  });
  return found;
}

/** Cosine similarity to the pictures that are shown for each concept. */
async function byExemplar(model: FittedModel, rows: Int32Array, context: PlanContext): Promise<Candidates> {
  const found = noCandidates(rows.length);
  const exemplars = model.concepts.flatMap(({ exemplars: pictures }) => [...pictures]);
  const owners = model.concepts.flatMap(({ id, exemplars: pictures }) => Array.from(pictures, () => id));
  if (exemplars.length === 0) return found;
  const index = await context.kernels.innerProductIndex(takeRows(model.imageVectors, exemplars));
  try {
    for (let start = 0; start < rows.length; start += BLOCK) {
      context.signal?.throwIfAborted();
      const block = rows.subarray(start, start + BLOCK);
      const top = await index.search(takeRows(model.imageVectors, block), 1);
      for (let i = 0; i < block.length; i++) {
        offer(found, start + i, owners[top.indices[i]!]!, top.scores[i]!);
      }
    }
  } finally {
    await index.dispose();
  }
  return found;
}

/** The part of a picture's nearest neighbours, by cosine, that are in the concept. */
async function byNeighbors(model: FittedModel, rows: Int32Array, context: PlanContext): Promise<Candidates> {
  const found = noCandidates(rows.length);
  const k = Math.min(NEIGHBORS + 1, model.imageVectors.rows);
  if (rows.length === 0 || k < 2) return found;
  const queries = takeRows(model.imageVectors, rows);
  const neighbors = await nearestNeighbors(model.imageVectors, { ...context, k, metric: "cosine", queries });
  const places = placesById(model.concepts);
  rows.forEach((picture, i) => {
    const counts = new Map<number, number>();
    for (let j = 0; j < k; j++) {
      const neighbor = neighbors.indices[i * k + j]!;
      const concept = model.images.concepts[neighbor]!;
      if (neighbor !== picture && places.has(concept)) counts.set(concept, (counts.get(concept) ?? 0) + 1);
    }
    for (const [concept, count] of counts) offer(found, i, concept, count / (k - 1));
  });
  return found;
}

function noCandidates(count: number): Candidates {
  return { concepts: new Int32Array(count).fill(-1), strengths: new Float64Array(count) };
}

/** Of equal strengths the lower id counts, so that the order of offers does not. */
function offer({ concepts, strengths }: Candidates, i: number, concept: number, strength: number): void {
  const better = strength > strengths[i]! || (strength === strengths[i]! && concept < concepts[i]!);
  if (!better) return;
  concepts[i] = concept;
  strengths[i] = strength;
}

function badOption(summary: string, expected: string, found: unknown): InputError {
  return new InputError(summary, { expected, found: String(found) }, "BAD_OPTION");
}
