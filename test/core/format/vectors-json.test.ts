import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { parseVectorsJson } from "../../../src/core/format/vectors-json.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { onlyFormatErrors } from "./mutations.ts";

describe("vectors in JSON", () => {
  test("rows alone, with names, and as embeddings", () => {
    const vectors = matrix(Float32Array.of(0.5, 1, -2, 0), 2, 2);
    expect(parseVectorsJson("[[0.5, 1], [-2, 0]]")).toEqual({ vectors, names: null });
    const named = { names: ["a", "b"], vectors };
    expect(parseVectorsJson('{"names": ["a", "b"], "vectors": [[0.5, 1], [-2, 0]]}')).toEqual(named);
    expect(parseVectorsJson('{"embeddings": [[0.5, 1], [-2, 0]], "names": ["a", "b"]}')).toEqual(named);
  });

  test.each([
    ["no JSON", "[[1, 2", "no JSON"],
    ["ragged rows", "[[1, 2], [3]]", "1 numbers in row 1, 2 in row 0"],
    ["a text for a number", '[[1, 2], [3, "4"]]', "something else in row 1"],
    ["a null for a number", "[[1, 2], [3, 4], [null, 4]]", "something else in row 2"],
    ["too few names", '{"names": ["a"], "vectors": [[1], [2]]}', "1 names for 2 vectors"],
    ["names that are numbers", '{"names": [1], "vectors": [[1]]}', "no list of texts"],
    ["no vectors", '{"rows": []}', "without a list of vectors"],
    ["a number", "7", "found number"],
  ])("%s", (_, text, found) => {
    expect(() => parseVectorsJson(text)).toThrow(FormatError);
    expect(() => parseVectorsJson(text)).toThrow(found);
  });

  test("any JSON ends in a FormatError or in vectors", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        onlyFormatErrors(() => parseVectorsJson(text));
      }),
    );
  });
});
