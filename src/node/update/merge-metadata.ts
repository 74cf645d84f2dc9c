import type { ImageColumn, ImageTable } from "../../core/model.ts";

type Metadata = Pick<ImageTable, "columns" | "captions">;

/**
 * Captions and columns of a collection that has changed: known pictures keep theirs, and take what they lack from what
 * was gathered now; a gathered column of another type than the one there is left out.
 *
 * @param rowBefore for each picture its row in `before`, -1 for a new one
 */
export function mergeMetadata(before: Metadata, gathered: Metadata | null, rowBefore: Int32Array): Metadata {
  const names = new Set([...before.columns, ...(gathered?.columns ?? [])].map(({ name }) => name));
  const columns = Array.from(names, (name) => {
    const old = before.columns.find((column) => column.name === name);
    const fresh = gathered?.columns.find((column) => column.name === name);
    return mergedColumn(name, old, fresh, rowBefore);
  });
  if (before.captions === null && (gathered?.captions ?? null) === null) return { columns, captions: null };
  const captions = Array.from(rowBefore, (row, i) => {
    const known = row === -1 ? [] : (before.captions?.[row] ?? []);
    return known.length > 0 ? known : (gathered?.captions?.[i] ?? []);
  });
  return { columns, captions };
}

function mergedColumn(
  name: string,
  old: ImageColumn | undefined,
  fresh: ImageColumn | undefined,
  rowBefore: Int32Array,
): ImageColumn {
  const type = (old ?? fresh)!.type;
  const values = Array.from(rowBefore, (row, i) => {
    const known = row === -1 ? undefined : old?.values[row];
    if (known !== undefined && known !== "" && !Number.isNaN(known)) return known;
    return fresh?.type === type ? fresh.values[i]! : type === "text" ? "" : Number.NaN;
  });
  return type === "text"
    ? { name, type, values: values as string[] }
    : { name, type, values: Float64Array.from(values as number[]) };
}
