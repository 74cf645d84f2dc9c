import { COLUMN_LIMITS } from "../../core/image-columns.ts";
import type { ImageColumn, ImageTable } from "../../core/model.ts";
import { boundedText, typedColumn } from "../metadata/typed-column.ts";
import type { Collection } from "./collection.ts";

type Metadata = Pick<ImageTable, "columns" | "captions">;

/**
 * What archives and tables said of their pictures, as captions and columns.
 *
 * @param paths the pictures that could be used, in order
 * @returns null where nothing was said of any
 */
export function inputMetadata(
  { images }: Pick<Collection, "images">,
  paths: readonly string[],
): Metadata | null {
  const said = new Map(images.map(({ path, metadata }) => [path, metadata]));
  const rows = paths.map((path) => said.get(path));
  if (rows.every((metadata) => metadata === undefined)) return null;
  const captions = rows.map((metadata) => {
    const texts = (metadata?.captions ?? []).map(boundedText).filter((text) => text !== "");
    return [...new Set(texts)].slice(0, COLUMN_LIMITS.captions);
  });
  const names = new Set(rows.flatMap((metadata) => Object.keys(metadata?.cells ?? {})));
  const columns = Array.from(names, (name) =>
    typedColumn(
      boundedText(name).slice(0, COLUMN_LIMITS.name),
      rows.map((metadata) => metadata?.cells?.[name] ?? null),
    ),
  );
  return {
    captions: captions.some((texts) => texts.length > 0) ? captions : null,
    columns: columns.filter(isUseful),
  };
}

/** A column needs a name and something in it. */
function isUseful({ name, values }: ImageColumn): boolean {
  return name !== "" && values.some((value) => value !== "" && !Number.isNaN(value));
}

/** Captions of both; of columns with one name the first stays. As many columns as a model holds. */
export function joinMetadata(first: Metadata | null, second: Metadata): Metadata {
  if (first === null) return second;
  const columns = new Map([...second.columns, ...first.columns].map((column) => [column.name, column]));
  const own = first.columns.map(({ name }) => name);
  const names = [...new Set([...own, ...columns.keys()])].slice(0, COLUMN_LIMITS.columns);
  const captions =
    first.captions === null || second.captions === null
      ? (first.captions ?? second.captions)
      : first.captions.map((texts, row) => {
          const both = [...new Set([...texts, ...second.captions![row]!])];
          return both.slice(0, COLUMN_LIMITS.captions);
        });
  return { columns: names.map((name) => columns.get(name)!), captions };
}
