import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conceptColumns } from "../../../src/node/saved-model/model-layout.ts";
import { readTable, writeTable } from "../../../src/node/saved-model/table.ts";
import { mutated } from "../../core/format/mutations.ts";
import { sampleModel } from "./sample-model.ts";

describe("tables", () => {
  test("mutated tables end in an Error or in rows of the expected number, never in a large allocation", async () => {
    const { concepts } = await sampleModel();
    const bytes = writeTable(conceptColumns, {
      id: Int32Array.from(concepts, ({ id }) => id),
      name: concepts.map(({ name }) => name),
      size: Int32Array.from(concepts, ({ size }) => size),
      words: concepts.map(({ words }) => words.map(({ word }) => word)),
      scores: concepts.map(({ words }) => Float64Array.from(words, ({ score }) => score)),
      exemplars: concepts.map(({ exemplars }) => exemplars),
      exemplar_paths: concepts.map(({ exemplars }) => Array.from(exemplars, String)),
    });
    fc.assert(
      fc.property(mutated(bytes), (mutant) => {
        let table: ReturnType<typeof readTable<typeof conceptColumns>>;
        try {
          table = readTable(mutant, conceptColumns, 3);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        expect(table.name.length).toBe(3);
        expect(table.exemplars.flatMap((list) => [...list]).length).toBeLessThanOrEqual(mutant.length);
      }),
      { numRuns: 1500 },
    );
  });

  test("come back for any lists and texts", () => {
    const columns = { a: "text list", b: "float64 list", c: "text", d: "int64" } as const;
    const row = fc.tuple(
      fc.array(fc.string({ unit: "grapheme" })),
      fc.array(fc.double()),
      fc.string({ unit: "grapheme" }),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const values = {
          a: rows.map(([texts]) => texts),
          b: rows.map(([, numbers]) => Float64Array.from(numbers)),
          c: rows.map(([, , text]) => text),
          d: Float64Array.from(rows, ([, , , integer]) => integer),
        };
        expect(readTable(writeTable(columns, values), columns, rows.length)).toEqual(values);
      }),
    );
  });

  test("come back where texts are longer than what is decoded at a time", () => {
    const texts = [
      "a".repeat(2 ** 23),
      "b".repeat(2 ** 24 + 1),
      "\u00fc".repeat(2 ** 23),
      "",
      "c".repeat(2 ** 23),
    ];
    const columns = { text: "text" } as const;
    const { text } = readTable(writeTable(columns, { text: texts }), columns, texts.length);
    expect(text.map((one, i) => one === texts[i])).toEqual(texts.map(() => true));
  });

  test.each([
    2 ** 53,
    -(2 ** 60),
    2 ** 62,
  ])("refuse an integer of %d, which no number holds exactly", (size) => {
    const table = writeTable({ size: "int64" }, { size: Float64Array.of(1, size) });
    expect(() => readTable(table, { size: "int64" }, 2)).toThrow("where a size is expected");
  });
});
