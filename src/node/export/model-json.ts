import type { FittedModel, ImageColumn } from "../../core/model.ts";
import { describedTable } from "../export-tables.ts";

/**
 * A model as one plain object: `concepts` with words, their scores and proofs, and `images` with place, captions (where the
 * collection has any) and the user's columns, `user_` before names that ours have. Dates as ISO 8601, null for what is missing.
 *
 * @param pathOf the path to show for a row of the image table
 */
export function modelJson(model: FittedModel, pathOf: (row: number) => string): object {
  const { images, concepts } = model;
  const own = ["path", "concept", "probability", "x", "y"];
  const names = Object.keys(describedTable({ ...images, captions: null }, own).columns);
  return {
    concepts: concepts.map(({ id, name, namedBy, size, words, exemplars }) => ({
      id,
      name,
      ...(namedBy === undefined ? {} : { namedBy }),
      size,
      words,
      exemplars: Array.from(exemplars, pathOf),
    })),
    images: images.paths.map((_, row) => ({
      path: pathOf(row),
      concept: images.concepts[row],
      probability: images.probabilities[row],
      x: images.map.data[2 * row],
      y: images.map.data[2 * row + 1],
      ...(images.captions === null ? {} : { captions: images.captions[row] }),
      ...Object.fromEntries(images.columns.map((column, i) => [names[i]!, jsonValue(column, row)])),
    })),
  };
}

function jsonValue(column: ImageColumn, row: number): string | number | null {
  if (column.type === "text") return column.values[row]! === "" ? null : column.values[row]!;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return null;
  return column.type === "date" ? new Date(value).toISOString() : value;
}
