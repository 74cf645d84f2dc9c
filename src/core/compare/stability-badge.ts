import type { FittedModel } from "../model.ts";
import type { Stability } from "./stability.ts";

/** What a stability says, after the rules of thumb of Hennig (2007, section 5): from 0.75, from 0.6, below. */
export type StabilityBadge = "stable" | "doubtful" | "unstable";

export function stabilityBadge(stability: number): StabilityBadge {
  // As it is shown: nobody should read "0.75 doubtful".
  const hundredths = Math.round(100 * stability);
  if (hundredths >= 75) return "stable";
  return hundredths >= 60 ? "doubtful" : "unstable";
}

/**
 * The stability of the concepts of a model by their ids. Stability is a fit's: concepts that edits gave other pictures have
 * none.
 */
export function stabilities(
  model: Pick<FittedModel, "images" | "concepts" | "stability" | "shaping">,
): ReadonlyMap<number, number> {
  const base = model.shaping?.base ?? model;
  const { stability } = base;
  if (stability === undefined) return new Map();
  const changed = new Set<number>();
  model.images.concepts.forEach((id, row) => {
    const fitted = base.images.concepts[row]!;
    if (id !== fitted) changed.add(id).add(fitted);
  });
  const known = base.concepts.map(({ id }, place): [number, number] => [id, stability.jaccards[place]!]);
  const present = new Set(model.concepts.map(({ id }) => id));
  return new Map(known.filter(([id]) => present.has(id) && !changed.has(id)));
}

/** The model with a stability of its fit, under its edits as before. */
export function withStability(model: FittedModel, stability: Stability): FittedModel {
  if (model.shaping === undefined) return { ...model, stability };
  const { base, edits } = model.shaping;
  return { ...model, stability, shaping: { base: { ...base, stability }, edits } };
}
