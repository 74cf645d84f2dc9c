import type { Concept, FittedModel, ImageTable } from "../../core/model.ts";
import { type Location, locate } from "../inputs/location.ts";

/** Concepts that are not hidden, in the model's order, and the name each goes by: names given twice are numbered. */
export function shownConcepts({
  concepts,
}: FittedModel): readonly { readonly concept: Concept; readonly name: string }[] {
  const counts = new Map<string, number>();
  return concepts
    .filter(({ hidden }) => hidden !== true)
    .map((concept) => {
      const count = (counts.get(concept.name) ?? 0) + 1;
      counts.set(concept.name, count);
      return { concept, name: count === 1 ? concept.name : `${concept.name} (${count})` };
    });
}

/** Where a picture is; null where it has no file. */
export function imageFile({ paths, root }: Pick<ImageTable, "paths" | "root">, row: number): Location | null {
  return root === null ? null : locate(root, paths[row]!);
}

/** Rows of each concept by its id, pictures without one under -1, in the order of rows. */
export function rowsByConcept({
  concepts,
}: Pick<ImageTable, "concepts">): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  concepts.forEach((concept, row) => {
    const list = rows.get(concept);
    if (list === undefined) rows.set(concept, [row]);
    else list.push(row);
  });
  return rows;
}
