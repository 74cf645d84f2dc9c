import { focusConcept } from "../concepts/focus-concept.ts";
import { rowsOfConcept } from "../concepts/rows-of-concept.ts";
import { edit } from "../state/edit-model.ts";
import { EMPTY_SEARCH, setState, useExplorer } from "../state/store.ts";

/** Pictures that a search for similar ones is made of, at most: more only blur it. */
const MOST_LIKE = 12;

/** Puts pictures into a new concept, which is then looked at and can be given a name. */
export async function makeConcept(rows: Uint32Array): Promise<void> {
  const before = new Set(useExplorer.getState().model?.concepts.map(({ id }) => id));
  if (!(await edit({ kind: "move", pictures: Array.from(rows), to: "new" }))) return;
  const made = useExplorer.getState().model?.concepts.find(({ id }) => !before.has(id));
  setState({ selection: null, tool: "pan" });
  if (made === undefined) return;
  focusConcept(made.id);
  setState({ renaming: made.id });
}

/** Takes pictures out of the concepts they are in. */
export async function takeOut(rows: Uint32Array): Promise<void> {
  if (await edit({ kind: "move", pictures: Array.from(rows), to: "none" })) setState({ selection: null });
}

export function findSimilar(rows: Uint32Array): void {
  setState({ search: { ...EMPTY_SEARCH, like: someOf(rows, MOST_LIKE) } });
}

/** Rows that lie evenly in a list. */
export function someOf(rows: Uint32Array, most: number): number[] {
  const count = Math.min(rows.length, most);
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}

/** Selects the pictures of a concept, -1 for those in none. */
export function selectConcept(id: number): void {
  const { points } = useExplorer.getState();
  if (points !== null) setState({ selection: Uint32Array.from(rowsOfConcept(points, id)).sort() });
}
