import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnBins } from "../../../src/core/compare/column-bins.ts";
import { conceptsOver, strongestBin } from "../../../src/core/compare/concepts-over.ts";
import { InputError } from "../../../src/core/errors.ts";
import type { FittedModel, ImageColumn } from "../../../src/core/model.ts";

const text = (values: readonly string[]): ImageColumn => ({ name: "kind", type: "text", values });
const date = (...texts: string[]): ImageColumn => ({
  name: "taken",
  type: "date",
  values: Float64Array.from(texts, (one) => (one === "" ? Number.NaN : Date.parse(one))),
});
const numbers = (values: readonly number[]): ImageColumn => ({
  name: "size",
  type: "number",
  values: Float64Array.from(values),
});

/** As much of a model as is counted: which concept each picture is in. */
function model(concepts: readonly number[], count: number): Pick<FittedModel, "images" | "concepts"> {
  return {
    images: { concepts: Int32Array.from(concepts) } as FittedModel["images"],
    concepts: Array.from({ length: count }, (_, id) => ({
      id,
      name: `c${id}`,
    })) as unknown as FittedModel["concepts"],
  };
}

describe("bins of a column", () => {
  it("are years, months or days by how long the dates run, without gaps", () => {
    expect(columnBins(date("2019-05-01", "2023-01-01", "")).labels).toEqual([
      "2019",
      "2020",
      "2021",
      "2022",
      "2023",
    ]);
    const months = columnBins(date("2022-11-30T23:59:59Z", "2023-04-01", ""));
    expect(months.labels).toEqual(["2022-11", "2022-12", "2023-01", "2023-02", "2023-03", "2023-04"]);
    expect(Array.from(months.binOf)).toEqual([0, 5, -1]);
    expect(columnBins(date("1969-12-31", "1970-01-02")).labels).toEqual([
      "1969-12-31",
      "1970-01-01",
      "1970-01-02",
    ]);
  });

  it("are the values of texts, commonest first, and ranges of many numbers", () => {
    expect(columnBins(text(["b", "a", "", "b", "a", "b"])).labels).toEqual(["b", "a"]);
    expect(columnBins(numbers([10, 9, 9, Number.NaN])).labels).toEqual(["9", "10"]);
    const ranges = columnBins(numbers(Array.from({ length: 101 }, (_, i) => i)));
    expect(ranges.kind).toBe("range");
    expect(ranges.labels.length).toBeGreaterThan(3);
    expect(Array.from(ranges.binOf)).toEqual(Array.from(ranges.binOf).sort((a, b) => a - b));
  });

  it("are refused for columns without values, dates over too many days, and years of texts", () => {
    expect(() => columnBins(text(["", ""]))).toThrow(InputError);
    expect(() => columnBins(date("0001-01-01", "2024-01-01"), { bin: "day" })).toThrow(/too many days/);
    expect(() => columnBins(text(["a"]), { bin: "year" })).toThrow(/Only dates/);
  });
});

describe("concepts over a column", () => {
  it("count every picture with a value once, whatever the column", () => {
    const pictures = fc.array(fc.tuple(fc.integer({ min: -1, max: 2 }), fc.constantFrom("", "x", "y", "z")), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(pictures, (all) => {
        fc.pre(all.some(([, kind]) => kind !== ""));
        const over = conceptsOver(
          model(
            all.map(([concept]) => concept),
            3,
          ),
          columnBins(text(all.map(([, kind]) => kind))),
        );
        const known = all.filter(([, kind]) => kind !== "");
        expect(over.unknown).toBe(all.length - known.length);
        expect(over.bins.reduce((sum, { pictures: count }) => sum + count, 0)).toBe(known.length);
        over.bins.forEach((bin, b) => {
          expect(over.concepts.reduce((sum, { counts }) => sum + counts[b]!, 0)).toBe(bin.pictures);
          expect(over.concepts.reduce((sum, { shares }) => sum + shares[b]!, 0)).toBeCloseTo(1, 9);
        });
        for (const { logOdds, zScores } of over.concepts) {
          expect([...logOdds, ...zScores].every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it("leave hidden concepts out, and count their pictures all the same", () => {
    const all = model([0, 0, 1, 1], 2);
    const [hidden, ...others] = all.concepts;
    const column = columnBins(text(["a", "b", "a", "b"]));
    const over = conceptsOver({ ...all, concepts: [{ ...hidden!, hidden: true }, ...others] }, column);
    expect(over.bins).toEqual(conceptsOver(all, column).bins);
    expect(over.concepts).toEqual(conceptsOver(all, column).concepts.slice(1));
  });

  it("tell much evidence from little", () => {
    const many = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 && i % 3 > 0 ? 0 : 1));
    const kinds = many.map((_, i) => (i % 2 === 0 ? "even" : "odd"));
    const [first] = conceptsOver(model(many, 2), columnBins(text(kinds))).concepts;
    expect(strongestBin(first!)).toBe(0);
    const [few] = conceptsOver(model([0, 0, 1, 1], 2), columnBins(text(["a", "a", "a", "b"]))).concepts;
    expect(strongestBin(few!)).toBeNull();
  });
});
