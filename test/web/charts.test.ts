import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countRows } from "../../src/web/compare/count-rows.ts";
import { NO_BIN, rangeDimension, textDimension } from "../../src/web/compare/dimension.ts";
import { binOf, dateEdges, numberEdges } from "../../src/web/compare/edges.ts";
import { layoutHeatmap, namedPlaces } from "../../src/web/compare/heatmap-layout.ts";
import { failingRows, filteredRows } from "../../src/web/state/filtered-rows.ts";
import type { ColumnFilter } from "../../src/web/state/store.ts";

const finite = fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((n) => n + 0);
/** Some days of the years 1000 to 3000, and moments that lie close. */
const moment = fc.oneof(
  fc.integer({ min: -30_610_224_000_000, max: 32_503_680_000_000 }),
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
);

function expectCover(edges: Float64Array, values: readonly number[]): void {
  for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1]!);
  for (const value of values) {
    const bin = binOf(edges, value);
    expect(bin).toBeGreaterThanOrEqual(0);
    expect(value).toBeGreaterThanOrEqual(edges[bin]!);
    expect(value).toBeLessThan(edges[bin + 1]!);
  }
}

describe("bins", () => {
  it("hold every number, few enough to draw", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const edges = numberEdges(Math.min(...values), Math.max(...values));
        expect(edges.length).toBeLessThanOrEqual(30);
        expectCover(edges, values);
      }),
    );
  });

  it("hold every date, few enough to draw", () => {
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1 }), (values) => {
        const { edges } = dateEdges(Math.min(...values), Math.max(...values));
        expect(edges.length).toBeLessThanOrEqual(48);
        expectCover(edges, values);
      }),
    );
  });

  it("turn with the calendar", () => {
    const day = (text: string): number => Date.parse(text);
    const years = dateEdges(day("2010-10-11"), day("2024-09-10"));
    expect(years.unit).toBe("year");
    expect(new Date(years.edges[0]!).toISOString()).toBe("2010-01-01T00:00:00.000Z");
    expect(years.edges.length).toBe(16);
    expect(dateEdges(day("2024-01-31"), day("2024-12-31")).unit).toBe("month");
    expect(dateEdges(day("2024-02-27"), day("2024-02-28T12:00Z")).unit).toBe("hour");
    expect(dateEdges(day("2024-02-01"), day("2024-03-02")).unit).toBe("day");
    expect([...numberEdges(0, 10, 5)]).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });

  it("are none for a column in which everything is missing", () => {
    expect(rangeDimension(Float64Array.of(Number.NaN, Number.NaN), "date")).toBeNull();
    expect(rangeDimension(new Float64Array(0), "number")).toBeNull();
  });
});

describe("charts that filter each other", () => {
  const table = fc.array(
    fc.record({
      number: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(Number.NaN)),
      code: fc.integer({ min: -1, max: 4 }),
      selected: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const range = fc
    .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 }))
    .map(([from, width]): ColumnFilter => ({ kind: "range", from, to: from + width }));
  const texts = fc
    .uniqueArray(fc.integer({ min: 0, max: 4 }))
    .map((codes): ColumnFilter => ({ kind: "texts", codes }));

  function passes(value: number, filter: ColumnFilter | null): boolean {
    if (filter === null) return true;
    return filter.kind === "texts" ? filter.codes.includes(value) : value >= filter.from && value < filter.to;
  }

  it("count what a plain filter over the rows counts, each leaving its own filter out", () => {
    fc.assert(
      fc.property(
        table,
        fc.option(range),
        fc.option(texts),
        fc.boolean(),
        (rows, byNumber, byCode, isSelected) => {
          const filters = new Map<number, ColumnFilter>();
          if (byNumber !== null) filters.set(0, byNumber);
          if (byCode !== null) filters.set(1, byCode);
          const numbers = rows.map(({ number }) => (Number.isNaN(number) ? null : number));
          const state = {
            filters,
            columns: new Map([
              [0, { type: "number" as const, values: numbers }],
              [
                1,
                {
                  type: "text" as const,
                  texts: ["a", "b", "c", "d", "e"],
                  codes: rows.map(({ code }) => code),
                },
              ],
            ]),
            points: {
              map: new Float32Array(2 * rows.length),
              concepts: new Int32Array(rows.length),
              probabilities: new Float32Array(rows.length),
              slots: new Uint32Array(rows.length),
            },
          };
          const filtered = filteredRows(state);
          const passing = rows.map(({ number, code }) => passes(number, byNumber) && passes(code, byCode));
          expect(
            filtered === null ? rows.map(() => true) : Array.from(filtered.passing, (one) => one === 1),
          ).toEqual(passing);
          expect(filteredRows(state)).toBe(filtered);

          const selected = isSelected ? Uint8Array.from(rows, (row) => Number(row.selected)) : null;
          const failures = filtered?.failures ?? null;
          const codes = textDimension(
            Int32Array.from(rows, ({ code }) => code),
            [0, 1, 2, 3, 4],
          );
          const counted = countRows(codes, { selected, failures, ownFails: filtered?.fails.get(1) ?? null });
          const looked = rows.filter((row) => (!isSelected || row.selected) && passes(row.number, byNumber));
          expect(Array.from(counted)).toEqual(
            [0, 1, 2, 3, 4].map((code) => looked.filter((row) => row.code === code).length),
          );

          const histogram = rangeDimension(
            Float64Array.from(rows, ({ number }) => number),
            "number",
          );
          if (histogram === null) return;
          const bars = countRows(histogram, { selected, failures, ownFails: filtered?.fails.get(0) ?? null });
          const shown = rows.filter((row) => (!isSelected || row.selected) && passes(row.code, byCode));
          expect(Array.from(bars)).toEqual(
            Array.from(
              bars,
              (_, bin) => shown.filter(({ number }) => binOf(histogram.edges, number) === bin).length,
            ),
          );
        },
      ),
    );
  });

  it("turns away what is missing, in ranges and texts alike", () => {
    expect([...failingRows(Float64Array.of(1, Number.NaN, 2), { kind: "range", from: 1, to: 2 })]).toEqual([
      0, 1, 1,
    ]);
    expect([...failingRows(Int32Array.of(0, -1, 3), { kind: "texts", codes: [3] })]).toEqual([1, 1, 0]);
    expect(textDimension(Int32Array.of(2, -1), [2]).bins[1]).toBe(NO_BIN);
  });
});

describe("the names of a heatmap", () => {
  it("are all there where rows are as high as text", () => {
    const layout = layoutHeatmap(600, 430, 20, 170);
    expect(layout).toMatchObject({ left: 170, side: 430, font: 12 });
    expect(namedPlaces(layout, () => 1)).toHaveLength(20);
  });

  it("never touch with 300 concepts, which had none at all before, and the largest has one", () => {
    const layout = layoutHeatmap(900, 730, 300, 170);
    const sizeAt = (place: number): number => (place * 7919) % 300;
    const places = namedPlaces(layout, sizeAt);
    expect(places.map(sizeAt)).toContain(299);
    const sorted = [...places].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) {
      expect((sorted[i]! - sorted[i - 1]!) * layout.cell).toBeGreaterThanOrEqual(layout.font);
    }
    expect(places.length).toBeGreaterThan(25);
  });
});

describe("bins of shares", () => {
  it("end at one: probabilities had an axis to 2, for those that are exactly 1", () => {
    const edges = numberEdges(0, 1);
    expect(edges.at(-1)).toBeCloseTo(1, 6);
    expect(binOf(edges, 1)).toBe(edges.length - 2);
    expect(edges.length).toBe(21);
  });

  it("leave whole numbers a bin of their own", () => {
    const edges = numberEdges(0, 20);
    expect(edges.at(-1)).toBe(21);
    expect(binOf(edges, 20)).not.toBe(binOf(edges, 19));
  });
});
