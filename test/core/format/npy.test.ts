import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { npyMatrix, parseNpy, writeNpy } from "../../../src/core/format/npy.ts";
import { halfToFloat } from "../../../src/core/math/half.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { fixture, fixtureValues } from "./fixtures.ts";
import { mutated, onlyFormatErrors } from "./mutations.ts";

const header = (dict: string, body: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const text = new TextEncoder().encode(dict);
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...body,
  ]);
};

describe("reading what numpy wrote", () => {
  test.each(["float16", "float32", "float64", "int32", "int64"])("%s", (dtype) => {
    const array = parseNpy(fixture(`${dtype}.npy`));
    expect(array.dtype).toBe(dtype);
    expect(array.shape).toEqual([4, 3]);
    expect([...npyMatrix(fixture(`${dtype}.npy`)).data]).toEqual(
      [...fixtureValues].map((value) => value * 8),
    );
  });

  test.each(["version-1.npy", "version-2.npy", "version-3.npy", "fortran.npy"])("%s", (name) => {
    expect(npyMatrix(fixture(name))).toEqual(matrix(fixtureValues, 4, 3));
  });

  test("other shapes", () => {
    expect(parseNpy(fixture("vector.npy")).shape).toEqual([3]);
    expect(parseNpy(fixture("cube.npy")).shape).toEqual([2, 3, 4]);
    expect(() => npyMatrix(fixture("vector.npy"))).toThrow("found shape (3,)");
  });

  test("an array at an odd place in a larger buffer", () => {
    const file = fixture("float64.npy");
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(parseNpy(shifted.subarray(3)).data).toEqual(parseNpy(file).data);
  });

  test("every half as numpy widens it", () => {
    // numpy.float16 of these bits, taken from numpy 1.24
    expect([0x0001, 0x03ff, 0x0400, 0x3555, 0x7bff, 0xfc00, 0x8000].map(halfToFloat)).toEqual([
      2 ** -24,
      0.00006097555160522461,
      0.00006103515625,
      0.333251953125,
      65504,
      Number.NEGATIVE_INFINITY,
      -0,
    ]);
    expect(halfToFloat(0x7e00)).toBeNaN();
  });
});

describe("writing", () => {
  test("gives back equal bytes and the layout of numpy.save", () => {
    expect(writeNpy(matrix(fixtureValues, 4, 3))).toEqual(fixture("version-1.npy"));
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 40 }), (values) => {
        expect(new Uint8Array(parseNpy(writeNpy(values)).data.slice().buffer)).toEqual(
          new Uint8Array(values.slice().buffer),
        );
      }),
    );
  });

  test("float64 and int32 keep every bit", () => {
    const doubles = Float64Array.of(Math.PI, -0, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
    expect(parseNpy(writeNpy(doubles)).data).toEqual(doubles);
    const integers = Int32Array.of(-1, 2 ** 31 - 1, -(2 ** 31));
    expect(parseNpy(writeNpy(integers)).data).toEqual(integers);
    expect(npyMatrix(writeNpy(matrix(new Float32Array(0), 0, 512))).cols).toBe(512);
  });
});

describe("refusing", () => {
  test.each([
    ["big-endian.npy", "'>f4'"],
    ["structured.npy", "a structured array"],
    ["object.npy", "'|O'"],
  ])("%s", (name, found) => {
    expect(() => parseNpy(fixture(name))).toThrow(found);
    expect(() => parseNpy(fixture(name))).toThrow(FormatError);
  });

  test.each([
    ["an empty file", new Uint8Array(0)],
    ["a text", new TextEncoder().encode("name,vector\n")],
    [
      "a shape larger than the file",
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 100000), }"),
    ],
    [
      "a shape past 2^53",
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"),
    ],
    [
      "a shape past 2^53 that is empty",
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999999999999), }"),
    ],
    ["a shape without a dtype", header("{'fortran_order': False, 'shape': (1,), }")],
    [
      "bytes after the values",
      header("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", Uint8Array.of(1, 2)),
    ],
    [
      "a header length past the end",
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255),
    ],
    ["version 9", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 9, 0, 0, 0)],
  ])("%s", (_, bytes) => {
    expect(() => parseNpy(bytes)).toThrow(FormatError);
  });

  test("rows without columns", () => {
    const file = header("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000, 0), }");
    expect(() => npyMatrix(file)).toThrow(FormatError);
  });

  test("mutated files end in a FormatError or in an array no larger than the file", () => {
    for (const name of ["float32.npy", "float16.npy", "fortran.npy", "int64.npy"]) {
      fc.assert(
        fc.property(mutated(fixture(name)), (bytes) => {
          const array = onlyFormatErrors(() => parseNpy(bytes));
          if (!(array instanceof FormatError))
            expect(array.data.byteLength).toBeLessThanOrEqual(2 * bytes.length);
        }),
        { numRuns: 300 },
      );
    }
  });
});
