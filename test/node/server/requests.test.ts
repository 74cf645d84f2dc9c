import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiFault, faultOf } from "../../../src/node/server/api-fault.ts";
import { byteRange } from "../../../src/node/server/byte-range.ts";
import { bareTag, hasTag } from "../../../src/node/server/kept-answer.ts";
import { placeNumber } from "../../../src/node/server/place-number.ts";
import {
  editRequest,
  exportRequest,
  recutRequest,
  searchRequest,
} from "../../../src/node/server/request-bodies.ts";

describe("what a body asks for", () => {
  const names =
    "kind concept concepts into name pinned hidden pictures to strategy query like rows format limit".split(
      " ",
    );
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "merge",
      "split",
      "rename",
      "pin",
      "hide",
      "move",
      "outliers",
      "recut",
      "new",
      "none",
      "csv",
    ),
    fc.integer(),
    fc.array(fc.integer()),
  );
  const bodies = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), values));

  it("is read, or refused in words, whatever the JSON", () => {
    fc.assert(
      fc.property(bodies, (body) => {
        for (const read of [editRequest, exportRequest, recutRequest, searchRequest]) {
          try {
            expect(read(body)).toBeTypeOf("object");
          } catch (error) {
            expect(error).toBeInstanceOf(ApiFault);
            expect(faultOf(error).status).toBe(400);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a Range header", () => {
  const sizes = fc.nat(10_000);

  it("gives a part that lies in the file, or none", () => {
    const numbers = fc.option(fc.nat(20_000), { nil: "" as const });
    fc.assert(
      fc.property(numbers, numbers, sizes, (first, last, size) => {
        const range = byteRange(`bytes=${first}-${last}`, size);
        if (range === null || range === "unsatisfiable") return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThan(size);
        expect(range.start).toBeLessThanOrEqual(range.end);
        if (first !== "") expect(range.start).toBe(first);
      }),
    );
  });

  it("that cannot be read is as none", () => {
    fc.assert(
      fc.property(fc.string(), sizes, (header, size) => {
        if (!/^\s*bytes=\d*-\d*\s*$/.test(header)) expect(byteRange(header, size)).toBeNull();
      }),
    );
    expect(byteRange(null, 10)).toBeNull();
  });
});

describe("tags and places", () => {
  it("are known with and without quotes, and among others", () => {
    for (const header of ["abc", '"abc"', 'W/"abc"', ' "x" , W/"abc"'])
      expect(hasTag(header, "abc")).toBe(true);
    for (const header of [null, "", '"abcd"', "*", '"ab", "c"']) expect(hasTag(header, "abc")).toBe(false);
    expect(bareTag(' W/"a-b" ')).toBe("a-b");
  });

  it("are whole numbers in a list", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), (text, length) => {
        const place = placeNumber(text, length);
        expect(place === null || (/^\d+$/.test(text) && place < length)).toBe(true);
      }),
    );
    expect(placeNumber("7", 8)).toBe(7);
    expect(placeNumber("8", 8)).toBeNull();
  });
});

describe("errors that nobody expected", () => {
  it("tell nothing of the machine", () => {
    const odd = Object.assign(new Error("ENOSPC: no space left, write '/home/somebody/secret'"), {
      code: "ENOSPC",
    });
    for (const error of [odd, new Error("/home/somebody/secret"), "/home/somebody/secret", undefined]) {
      const { status, answer } = faultOf(error);
      expect(status).toBe(500);
      expect(JSON.stringify(answer)).not.toContain("secret");
    }
  });
});
