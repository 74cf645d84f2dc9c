import { InputError } from "./errors.ts";
import type { Concept } from "./model.ts";

/** The place of each concept in a model's list, and so its row of `conceptVectors`, by its id. */
export function placesById(concepts: readonly Pick<Concept, "id">[]): ReadonlyMap<number, number> {
  return new Map(concepts.map(({ id }, place) => [id, place]));
}

/** The concept of this id, if there is one. */
export function conceptWithId(concepts: readonly Concept[], id: number): Concept | undefined {
  return concepts.find((concept) => concept.id === id);
}

/** @throws InputError naming the ids there are */
export function requireConcept(concepts: readonly Concept[], id: number): Concept {
  const concept = conceptWithId(concepts, id);
  if (concept !== undefined) return concept;
  const ids = concepts.map((other) => other.id).sort((a, b) => a - b);
  const few = ids.length > 12 ? `${ids.slice(0, 12).join(", ")} ...` : ids.join(", ");
  throw new InputError(`There is no concept ${id}`, {
    expected: ids.length === 0 ? "a model with concepts" : `one of ${few}`,
    found: String(id),
    hint: "concept info MODEL lists them.",
  });
}
