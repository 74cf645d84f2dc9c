import { freeName } from "../edits/free-name.ts";
import type { Concept, FittedModel } from "../model.ts";
import type { Seed } from "./seed.ts";
import { SEED_COLUMNS } from "./seeded-reducer.ts";

/** A fit by seeds, with the concepts of seeds under their names and marked; others that are called so step aside. */
export function nameSeededConcepts(model: FittedModel, seeds: readonly Seed[]): FittedModel {
  const { layout } = model.reducer;
  const seedOf = new Map<number, number>();
  model.images.concepts.forEach((concept, image) => {
    const seed = layout.data[(image + 1) * layout.cols - SEED_COLUMNS]!;
    if (seed !== -1) seedOf.set(concept, seed);
  });
  const taken = new Set(seeds.map(({ name }) => name));
  const concepts = model.concepts.map((concept): Concept => {
    const seed = seedOf.get(concept.id);
    if (seed !== undefined) return { ...concept, name: seeds[seed]!.name, seeded: true };
    return { ...concept, name: freeName(concept.name, concept.id, taken) };
  });
  return { ...model, concepts };
}
