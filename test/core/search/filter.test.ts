import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/core/math/matrix.ts";
import type { FittedModel, ImageColumn } from "../../../src/core/model.ts";
import { dateSpan } from "../../../src/core/search/date-span.ts";
import { rowsThatPass } from "../../../src/core/search/filter-rows.ts";
import { parseFilter } from "../../../src/core/search/parse-filter.ts";

const taken = ["2020-02-29T10:00:00Z", "2021-05-31T23:59:59Z", "", "2021-06-01T00:00:00Z"];
const columns: ImageColumn[] = [
  { name: "year", type: "number", values: Float64Array.of(2019, 2020, Number.NaN, 2024) },
  { name: "place name", type: "text", values: ["Rome", "New York", "", "rome, old town"] },
  { name: "path", type: "text", values: ["theirs", "", "", ""] },
  { name: "taken", type: "date", values: Float64Array.from(taken, (date) => Date.parse(date)) },
];
const images = {
  ids: ["i0", "i1", "i2", "i3"],
  paths: ["a/cat.png", "b/Dog.png", "c.png", 'odd "name".png'],
  root: null,
  bytes: Float64Array.of(10, 2000, 30, 0),
  concepts: Int32Array.of(7, -1, 3, 3),
  probabilities: Float32Array.of(0.9, 0, 0.5, 1),
  map: matrix(new Float32Array(8), 4, 2),
  columns,
  captions: [["a cat", "on a mat"], [], ["dog"], ["cat"]],
};
const concepts = [
  { id: 3, name: "boats" },
  { id: 7, name: "cats" },
];
const model = { images, concepts } as unknown as FittedModel;

function passing(filter: string): number[] {
  return Array.from(rowsThatPass(model, parseFilter(filter)).keys()).filter(
    (i) => rowsThatPass(model, parseFilter(filter))[i] === 1,
  );
}

describe("a filter", () => {
  it.each<[string, number[]]>([
    ["year>=2020", [1, 3]],
    ["year != 2020", [0, 2, 3]],
    ["YEAR < 2e3 or year=2019", [0]],
    ["not year >= 2020", [0, 2]],
    ["path ~ dog", [1]],
    ["path = 'c.png'", [2]],
    ["path ~ 'odd \"name'", [3]],
    ["[path] = theirs", [0]],
    ['[place name] ~ "ROME"', [0, 3]],
    ["[place name] = Rome", [0]],
    ["[place name] = ''", [2]],
    ["concept = 3", [2, 3]],
    ["concept=-1", [1]],
    ["name = cats", [0]],
    ["probability >= 0.9", [0, 3]],
    ["bytes > 20 and bytes <= 2000", [1, 2]],
    ["year = 2019 or year = 2024 and concept = 7", [0]],
    ["(year = 2019 or year = 2024) and concept = 3", [3]],
    ["caption ~ cat", [0, 3]],
    ["caption = cat", [3]],
    ["caption != cat", [0, 1, 2]],
    ["taken = 2021", [1, 3]],
    ["taken = 2021-05", [1]],
    ["taken > 2021-05", [3]],
    ["taken <= 2021-05-31", [0, 1]],
    ["taken = '2021-05-31T23:59'", [1]],
    ["taken != 2021", [0, 2]],
  ])("%s", (filter, rows) => {
    expect(passing(filter)).toEqual(rows);
  });

  it.each([
    "",
    "year",
    "year >=",
    "year >= 2020 and",
    "year >> 3",
    "(year = 1",
    "year = 1)",
    "year = 'open",
    "height > 3",
    "year ~ 20",
    "year = tall",
    "taken > yesterday",
    "taken = 2021-02-30",
    "year == 2020",
    "year = 1; process.exit()",
    "__proto__ = 1",
    `${"(".repeat(100)}year=1${")".repeat(100)}`,
  ])("%s is refused", (filter) => {
    expect(() => rowsThatPass(model, parseFilter(filter))).toThrow(
      expect.objectContaining({ code: "BAD_OPTION" }),
    );
  });

  it("agrees with a naive reading of numbers, and, or, not", () => {
    const comparison = fc.record({
      operator: fc.constantFrom("<", "<=", ">", ">=", "=", "!="),
      value: fc.integer({ min: 2018, max: 2025 }),
    });
    const tests: Record<string, (a: number, b: number) => boolean> = {
      "<": (a, b) => a < b,
      "<=": (a, b) => a <= b,
      ">": (a, b) => a > b,
      ">=": (a, b) => a >= b,
      "=": (a, b) => a === b,
      "!=": (a, b) => a !== b,
    };
    const years = Array.from((columns[0] as { values: Float64Array }).values);
    fc.assert(
      fc.property(comparison, comparison, comparison, (a, b, c) => {
        const says = ({ operator, value }: typeof a) => `year ${operator} ${value}`;
        const holds = ({ operator, value }: typeof a, year: number) => tests[operator]!(year, value);
        const expected = years.flatMap((year, i) =>
          holds(a, year) || (holds(b, year) && !holds(c, year)) ? [i] : [],
        );
        expect(passing(`${says(a)} or ${says(b)} and not ${says(c)}`)).toEqual(expected);
      }),
    );
  });
});

describe("dateSpan", () => {
  it("covers what the date names, leap days and year ends too", () => {
    expect(dateSpan("2020-02")).toEqual({ start: Date.UTC(2020, 1, 1), end: Date.UTC(2020, 2, 1) });
    expect(dateSpan("2020-12-31")).toEqual({ start: Date.UTC(2020, 11, 31), end: Date.UTC(2021, 0, 1) });
    expect(dateSpan("0099")!.start).toBe(Date.parse("0099-01-01T00:00:00Z"));
    for (const wrong of ["", "21", "2021-13", "2021-00-01", "2021-01-01T25:00"])
      expect(dateSpan(wrong)).toBeNull();
  });
});
