import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDelimited } from "../../../src/node/metadata/delimited.ts";

function quoted(field: string): string {
  return /[",\r\n]/.test(field) || field === "" ? `"${field.replaceAll('"', '""')}"` : field;
}

describe("CSV", () => {
  test("as RFC 4180 and spreadsheets write it", () => {
    const text = '\uFEFFa,b,c\r\n1,"x, ""y""\nz",\r\n\r\n,,3\n"last"';
    expect(parseDelimited(text, ",")).toEqual([
      ["a", "b", "c"],
      ["1", 'x, "y"\nz', ""],
      ["", "", "3"],
      ["last"],
    ]);
    expect(parseDelimited("a\tb\r1\t2,3\r", "\t")).toEqual([
      ["a", "b"],
      ["1", "2,3"],
    ]);
    expect(parseDelimited("", ",")).toEqual([]);
  });

  test("comes back whatever the fields hold", () => {
    const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é", ";") });
    const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom("\n", "\r\n"), (table, lineBreak) => {
        const text = table.map((row) => row.map(quoted).join(",")).join(lineBreak);
        expect(parseDelimited(text, ",")).toEqual(table);
      }),
    );
  });

  test("refuses what is no table", () => {
    expect(() => parseDelimited('a\n"open', ",")).toThrow("never closed");
    expect(() => parseDelimited('a\n"b"c', ",")).toThrow("after a closing quote");
    expect(() => parseDelimited("a,b\n1,2,3", ",")).toThrow("at most 2, found 3 in row 2");
  });
});
