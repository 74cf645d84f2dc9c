import { InputError } from "../errors.ts";
import type { ImageTable } from "../model.ts";
import type { PictureKey } from "./edit.ts";

type Pictures = Pick<ImageTable, "ids" | "paths">;

/** Finds the rows of pictures by their keys, and the keys of rows. */
export class PictureIndex {
  private readonly images: Pictures;
  private readonly rows: ReadonlyMap<string, number | readonly number[]>;

  constructor(images: Pictures) {
    this.images = images;
    this.rows = rowsById(images.ids);
  }

  /** The id alone where it tells the picture from all others. */
  keyOf(row: number): PictureKey {
    const id = this.images.ids[row]!;
    return typeof this.rows.get(id) === "number" ? id : [id, this.images.paths[row]!];
  }

  /** @throws InputError for a picture that is not there, or one that could be several */
  rowOf(key: PictureKey): number {
    const [id, path] = typeof key === "string" ? [key, null] : key;
    const found = this.rows.get(id);
    const rows = typeof found === "number" ? [found] : (found ?? []);
    const matches = path === null ? rows : rows.filter((row) => this.images.paths[row] === path);
    if (matches.length === 1) return matches[0]!;
    throw new InputError("A picture is not to be found in the model", {
      expected: "the id of one picture, with its path where several are equal",
      found: `${matches.length} of ${JSON.stringify(key).slice(0, 100)}`,
    });
  }

  rowsOf(keys: readonly PictureKey[]): number[] {
    return keys.map((key) => this.rowOf(key));
  }
}

function rowsById(ids: readonly string[]): ReadonlyMap<string, number | readonly number[]> {
  const rows = new Map<string, number | number[]>();
  ids.forEach((id, row) => {
    const earlier = rows.get(id);
    if (earlier === undefined) rows.set(id, row);
    else if (typeof earlier === "number") rows.set(id, [earlier, row]);
    else earlier.push(row);
  });
  return rows;
}
