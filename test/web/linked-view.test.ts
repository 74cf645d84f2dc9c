import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeView,
  encodeView,
  type LinkedFilter,
  type LinkedView,
} from "../../src/web/take/linked-view.ts";
import { decodeRows, encodeRows } from "../../src/web/take/row-runs.ts";

const number = fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((n) => n + 0);
const bounds = fc
  .tuple(number, number)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const row = fc.nat({ max: 999_999 });
// URLSearchParams writes lone halves of characters as U+FFFD, as every address does.
const text = fc.string({ unit: "grapheme" });
const columns = fc.uniqueArray(text, { maxLength: 5 });

const filters: fc.Arbitrary<LinkedFilter[]> = columns.chain((names) =>
  fc.tuple(
    ...names.map((column) =>
      fc.oneof(
        bounds.map((range): LinkedFilter => ({ on: "range", column, ...range })),
        fc
          .array(text, { minLength: 1, maxLength: 4 })
          .map((texts): LinkedFilter => ({ on: "texts", column, texts })),
      ),
    ),
  ),
);

const linkedView: fc.Arbitrary<LinkedView> = fc.record({
  collection: fc.constant("c0ffee"),
  view: fc.option(
    fc
      .tuple(
        fc.integer({ min: -999, max: 999 }),
        fc.integer({ min: -999, max: 999 }),
        fc.integer({ min: -5, max: 20 }),
      )
      .map(([x, y, zoom]) => ({ x: x / 8, y: y / 8, zoom: zoom / 4 })),
  ),
  panel: fc.constantFrom("concepts", "tree", "compare"),
  query: text,
  like: fc.array(row, { maxLength: 5 }),
  focus: fc.option(fc.integer({ min: -1, max: 999 })),
  open: row,
  color: fc.oneof(
    fc.constantFrom("concept" as const, "probability" as const),
    text.map((column) => ({ column })),
  ),
  filters,
  selection: fc.option(fc.uniqueArray(row).map((rows) => encodeRows(rows.sort((a, b) => a - b)))),
});

describe("a link to a view", () => {
  it("says what it was made of", () => {
    fc.assert(
      fc.property(linkedView, (linked) => {
        const read = decodeView(`#${encodeView(linked)}`);
        expect({ ...read, filters: new Set(read.filters) }).toEqual({
          ...linked,
          filters: new Set(linked.filters),
        });
      }),
    );
  });

  it("is passed over where it is nonsense, and never gives a number that is none", () => {
    const pieces = fc.constantFrom(
      "at=",
      "like=",
      "concept=",
      "only.concepts=",
      "range.x=",
      "only.probability=",
      "NaN",
      "1e999",
      "..",
      ",",
      "&",
      "-1",
      "7",
      "%",
      "%ff",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (hash) => {
          const { view, like, focus, filters: read } = decodeView(hash);
          const numbers = [
            ...(view === null ? [] : [view.x, view.y, view.zoom]),
            ...like,
            ...(focus === null ? [] : [focus]),
            ...read.flatMap((one) =>
              "from" in one ? [one.from, one.to] : one.on === "concept" ? one.ids : [],
            ),
          ];
          expect(numbers.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  it("keeps a plain view plain", () => {
    expect(encodeView({ ...decodeView(""), view: { x: 1.25, y: -3, zoom: 5 } })).toBe("at=1.25%2C-3%2C5");
    expect(decodeView("")).toEqual(decodeView("#nothing=here&at=1,2&panel=secret"));
  });
});

describe("rows as text", () => {
  it("come back as they were, refused where the collection is smaller", () => {
    fc.assert(
      fc.property(fc.uniqueArray(row), (rows) => {
        rows.sort((a, b) => a - b);
        const written = encodeRows(rows);
        expect(Array.from(decodeRows(written, 1_000_000)!)).toEqual(rows);
        if (rows.length > 0) expect(decodeRows(written, rows.at(-1)!)).toBeNull();
      }),
    );
  });

  it("are short for runs, and nothing for nonsense", () => {
    expect(encodeRows([5, 6, 7, 40])).toBe("5+3.w");
    for (const nonsense of ["x+", "-1", "1e9", "1+0", "..", "1 2", "zzzzzzzzzz"]) {
      expect(decodeRows(nonsense, 100)).toBeNull();
    }
  });
});
