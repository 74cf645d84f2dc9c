import { describe, expect, test } from "vitest";
import { parseDate } from "../../../src/node/metadata/dates.ts";
import { cellText, typedColumn } from "../../../src/node/metadata/typed-column.ts";

describe("dates", () => {
  test.each([
    ["2024-05-01", "2024-05-01T00:00:00.000Z"],
    ["2024-5-1 7:08", "2024-05-01T07:08:00.000Z"],
    ["2024-05-01T12:30:15.25Z", "2024-05-01T12:30:15.250Z"],
    ["2024-05-01T12:30:00+02:00", "2024-05-01T10:30:00.000Z"],
    ["2024-05-01 12:30:00-0530", "2024-05-01T18:00:00.000Z"],
    ["2021:05:06 07:08:09", "2021-05-06T07:08:09.000Z"],
    ["1850/12/31", "1850-12-31T00:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(new Date(parseDate(text)).toISOString()).toBe(expected);
  });

  test.each([
    "2024-02-30",
    "2024-13-01",
    "0000:00:00 00:00:00",
    "2024",
    "12/05/2024",
    "2024-05-01T25:00",
    "",
  ])("not %j", (text) => {
    expect(parseDate(text)).toBeNaN();
  });
});

describe("the type of a column", () => {
  test("follows its cells", () => {
    expect(typedColumn("n", ["1", " -2.5 ", "", "1e3", null])).toEqual({
      name: "n",
      type: "number",
      values: Float64Array.of(1, -2.5, Number.NaN, 1000, Number.NaN),
    });
    expect(typedColumn("n", [7n, 8, Number.NaN])).toMatchObject({
      type: "number",
      values: Float64Array.of(7, 8, Number.NaN),
    });
    expect(typedColumn("d", ["2024-05-01", "", new Date(5)])).toMatchObject({
      type: "date",
      values: Float64Array.of(Date.UTC(2024, 4, 1), Number.NaN, 5),
    });
  });

  test("is text for names made of digits, mixtures and nothing at all", () => {
    for (const cells of [
      ["007", "12"],
      ["12345678901234567890"],
      ["1", "two"],
      ["2024-05-01", "1"],
      ["", null],
      [true],
    ]) {
      expect(typedColumn("t", cells).type, String(cells)).toBe("text");
    }
    expect(typedColumn("t", [["a", "b"], { c: 1n }, true, null]).values).toEqual([
      "a; b",
      '{"c":"1"}',
      "true",
      "",
    ]);
  });

  test("keeps texts within bounds and in Unicode", () => {
    expect(cellText("y".repeat(20_000))).toHaveLength(10_000);
    expect(cellText(`${"y".repeat(9_999)}😀`)).toBe(`${"y".repeat(9_999)}\uFFFD`);
  });
});
