import type { ApiConcept } from "../../core/explorer/api.ts";

const UNCLEAR = "unclear: ";

/** The name without the remark that it is unclear: the page says that by a mark. */
export function shownName({ name, unclear }: Pick<ApiConcept, "name" | "unclear">): string {
  return unclear && name.startsWith(UNCLEAR) ? name.slice(UNCLEAR.length) : name;
}

/** The name of a concept, or its id where it is not known. */
export function nameOrId(concepts: ReadonlyMap<number, ApiConcept>, id: number): string {
  const concept = concepts.get(id);
  return concept === undefined ? String(id) : shownName(concept);
}

/** What the pictures of a concept are called, also of those in none. */
export function conceptName(concepts: readonly ApiConcept[], id: number): string {
  const concept = concepts.find((known) => known.id === id);
  return concept === undefined ? "In no concept" : shownName(concept);
}
