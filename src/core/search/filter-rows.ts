import { InputError } from "../errors.ts";
import { findColumn } from "../image-columns.ts";
import type { ImageColumn } from "../model.ts";
import { type DateSpan, dateSpan } from "./date-span.ts";
import type { DescribedImages } from "./image-filter.ts";
import type { Comparison, Filter } from "./parse-filter.ts";

type Compare = Extract<Filter, { readonly kind: "compare" }>;

/** What every model can be filtered by; a user's column of the same name is written in brackets. */
const OWN_FIELDS = ["path", "id", "concept", "name", "probability", "bytes", "caption"] as const;

/**
 * 1 for each picture that passes, 0 for the others.
 *
 * Texts are equal letter by letter, contain (`~`) and follow each other without regard to case; numbers compare as numbers; a
 * date stands for the whole day, month or year that it names (`taken = 2021-05`). A missing value equals nothing: it
 * passes `!=` and no other comparison. `name` is the name of the concept, `caption` any of the texts of a picture.
 *
 * @throws InputError (BAD_OPTION) for an unknown column, or a value or comparison that does not fit its type
 */
export function rowsThatPass(model: DescribedImages, filter: Filter): Uint8Array<ArrayBuffer> {
  if (filter.kind === "compare") return compareRows(model, filter);
  if (filter.kind === "not") return rowsThatPass(model, filter.part).map((flag) => 1 - flag);
  const [first, ...others] = filter.parts.map((part) => rowsThatPass(model, part));
  const mask = first!;
  for (const other of others) {
    for (let i = 0; i < mask.length; i++) {
      mask[i] = filter.kind === "all" ? mask[i]! & other[i]! : mask[i]! | other[i]!;
    }
  }
  return mask;
}

function compareRows(model: DescribedImages, compare: Compare): Uint8Array<ArrayBuffer> {
  const rows = model.images.paths.length;
  const mask = new Uint8Array(rows);
  const passes = rowTest(model, compare);
  for (let i = 0; i < rows; i++) mask[i] = passes(i) ? 1 : 0;
  return mask;
}

function rowTest(model: DescribedImages, compare: Compare): (row: number) => boolean {
  const { images } = model;
  switch (compare.isTheirs ? null : compare.field.toLowerCase()) {
    case "path":
      return textTest(compare, (row) => images.paths[row]!);
    case "id":
      return textTest(compare, (row) => images.ids[row]!);
    case "name":
      return textTest(compare, conceptName(model));
    case "concept":
      return numberTest(compare, (row) => images.concepts[row]!);
    case "probability":
      return numberTest(compare, (row) => images.probabilities[row]!, Math.fround);
    case "bytes":
      return numberTest(compare, (row) => images.bytes[row]!);
    case "caption":
      return captionTest(compare, images.captions);
    default:
      return columnTest(compare, requireColumn(model, compare.field));
  }
}

function conceptName({ images, concepts }: DescribedImages): (row: number) => string {
  const names = new Map(concepts.map(({ id, name }) => [id, name]));
  return (row) => names.get(images.concepts[row]!) ?? "";
}

function requireColumn({ images }: DescribedImages, field: string): ImageColumn {
  const column =
    findColumn(images, field) ??
    images.columns.find(({ name }) => name.toLowerCase() === field.toLowerCase());
  if (column !== undefined) return column;
  const names = [...OWN_FIELDS, ...images.columns.map(({ name }) => name)];
  throw new InputError(
    `There is no column ${JSON.stringify(field.slice(0, 60))} to filter by`,
    { expected: `one of ${names.join(", ").slice(0, 200)}`, found: field.slice(0, 60) },
    "BAD_OPTION",
  );
}

function columnTest(compare: Compare, column: ImageColumn): (row: number) => boolean {
  if (column.type === "text") return textTest(compare, (row) => column.values[row]!);
  const { values } = column;
  return column.type === "number"
    ? numberTest(compare, (row) => values[row]!)
    : dateTest(compare, (row) => values[row]!);
}

function captionTest(
  compare: Compare,
  captions: readonly (readonly string[])[] | null,
): (row: number) => boolean {
  const { comparison } = compare;
  if (comparison === "!=") {
    const equal = captionTest({ ...compare, comparison: "=" }, captions);
    return (row) => !equal(row);
  }
  let text = "";
  const one = textTest(compare, () => text);
  return (row) =>
    (captions?.[row] ?? []).some((caption) => {
      text = caption;
      return one(0);
    });
}

function textTest({ comparison, value }: Compare, textOf: (row: number) => string): (row: number) => boolean {
  const folded = value.toLowerCase();
  const missingOr =
    (test: (text: string) => boolean) =>
    (row: number): boolean => {
      const text = textOf(row);
      return text !== "" && test(text);
    };
  switch (comparison) {
    case "=":
      return (row) => textOf(row) === value;
    case "!=":
      return (row) => textOf(row) !== value;
    case "~":
      return missingOr((text) => text.toLowerCase().includes(folded));
    default:
      return missingOr((text) => isOrdered(comparison, text.toLowerCase(), folded));
  }
}

/** @param rounded to the precision that the column is kept in */
function numberTest(
  compare: Compare,
  numberOf: (row: number) => number,
  rounded: (value: number) => number = Number,
): (row: number) => boolean {
  const { comparison, value } = compare;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)) throw misfit(compare, "a number");
  if (comparison === "~") throw misfit(compare, "a text column for ~");
  const number = rounded(Number(value));
  if (comparison === "=") return (row) => numberOf(row) === number;
  if (comparison === "!=") return (row) => numberOf(row) !== number;
  return (row) => isOrdered(comparison, numberOf(row), number);
}

function dateTest(compare: Compare, dateOf: (row: number) => number): (row: number) => boolean {
  const { comparison, value } = compare;
  const span = dateSpan(value);
  if (span === null) throw misfit(compare, "a date such as 2021, 2021-05, 2021-05-31 or 2021-05-31T12:00");
  if (comparison === "~") throw misfit(compare, "a text column for ~");
  return (row) => compareDate(comparison, dateOf(row), span);
}

function compareDate(comparison: Exclude<Comparison, "~">, date: number, { start, end }: DateSpan): boolean {
  switch (comparison) {
    case "=":
      return date >= start && date < end;
    case "!=":
      return !(date >= start && date < end);
    case "<":
      return date < start;
    case "<=":
      return date < end;
    case ">":
      return date >= end;
    case ">=":
      return date >= start;
  }
}

/** NaN is in no order. */
function isOrdered<Value extends string | number>(comparison: Comparison, a: Value, b: Value): boolean {
  switch (comparison) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    default:
      return a >= b;
  }
}

function misfit({ field, comparison, value }: Compare, expected: string): InputError {
  return new InputError(
    `${JSON.stringify(field.slice(0, 60))} cannot be compared so`,
    { expected, found: `${comparison} ${JSON.stringify(value.slice(0, 60))}` },
    "BAD_OPTION",
  );
}
