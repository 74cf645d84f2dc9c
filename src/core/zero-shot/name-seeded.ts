import { freeName } from "../edits/free-name.ts";
import type { Concept, FittedModel } from "../model.ts";
import { SEED_COLUMNS } from "./seeded-reducer.ts";

/**
 * A fit by seeds, with the concepts of seeds under their names and marked; others that are called so step aside.
 *
 * @param names of the seeds, in their order; null for one whose name is not known any more, which keeps the one from words
 */
export function nameSeededConcepts(model: FittedModel, names: readonly (string | null)[]): FittedModel {
  const seedOf = seedsOfConcepts(model);
  const taken = new Set(names.filter((name) => name !== null));
  const concepts = model.concepts.map((concept): Concept => {
    const seed = seedOf.get(concept.id);
    const name = seed === undefined ? null : names[seed]!;
    const mark = seed === undefined ? {} : { seeded: true };
    return { ...concept, name: name ?? freeName(concept.name, concept.id, taken), ...mark };
  });
  return { ...model, concepts };
}

/** The seed of each concept of a fit that has one, by id. */
export function seedsOfConcepts({ reducer, images }: FittedModel): ReadonlyMap<number, number> {
  const { layout } = reducer;
  const seedOf = new Map<number, number>();
  images.concepts.forEach((concept, image) => {
    const seed = layout.data[(image + 1) * layout.cols - SEED_COLUMNS]!;
    if (seed !== -1 && concept !== -1) seedOf.set(concept, seed);
  });
  return seedOf;
}
