import type { FittedModel } from "../../core/model.ts";
import { describedTable, tableToParquet } from "../export-tables.ts";
import { writeWholeFile } from "./fresh-folder.ts";
import { imageFile, shownConcepts } from "./shown-concepts.ts";

/**
 * Writes one Parquet table for Embedding Atlas (0.7 and later): `embedding-atlas FILE --x x --y y --text text`. A row a
 * picture: `path`, `x`, `y`, `category` (the concept's name, `unclustered` for none or a hidden one), `text` (the
 * captions, or else the path), `concept`, `probability`, then the user's columns. Neighbours are not included.
 *
 * @param file written whole or not at all; an earlier file of the name is replaced
 */
export async function exportAtlas(model: FittedModel, file: string): Promise<void> {
  const { images } = model;
  const nameOf = new Map(shownConcepts(model).map(({ concept, name }) => [concept.id, name]));
  const rows = images.paths.map((_, row) => row);
  const columns = {
    path: "text",
    x: "float32",
    y: "float32",
    category: "text",
    text: "text",
    concept: "int32",
    probability: "float32",
  } as const;
  const values = {
    path: rows.map((row) => imageFile(images, row) ?? images.paths[row]!),
    x: Float32Array.from(rows, (row) => images.map.data[2 * row]!),
    y: Float32Array.from(rows, (row) => images.map.data[2 * row + 1]!),
    category: rows.map((row) => nameOf.get(images.concepts[row]!) ?? "unclustered"),
    text: rows.map((row) => images.captions?.[row]?.join(" | ") || images.paths[row]!),
    concept: images.concepts,
    probability: images.probabilities,
  };
  const theirs = describedTable({ ...images, captions: null }, Object.keys(columns));
  const table = { columns: { ...columns, ...theirs.columns }, values: { ...values, ...theirs.values } };
  await writeWholeFile(file, [tableToParquet(table)]);
}
