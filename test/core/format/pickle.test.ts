import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { parsePickle } from "../../../src/core/format/pickle.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { fixture, fixtureNames, fixtureValues } from "./fixtures.ts";
import { mutated, onlyFormatErrors } from "./mutations.ts";

const expected = { names: fixtureNames, vectors: matrix(fixtureValues, 4, 3) };
const protocols = [2, 3, 4, 5];

/** A pickle by hand: opcodes as numbers, texts as their latin1 bytes. */
function pickle(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...part].map((char) => char.charCodeAt(0)),
    ),
  );
}

describe("reading what Python wrote", () => {
  test.each(protocols)("protocol %i", (protocol) => {
    expect(parsePickle(fixture(`tuple-${protocol}.pkl`))).toEqual(expected);
    expect(parsePickle(fixture(`dict-${protocol}.pkl`))).toEqual(expected);
    expect(parsePickle(fixture(`fortran-${protocol}.pkl`))).toEqual(expected);
  });

  test("an array alone, rows as arrays, rows as lists, float16", () => {
    expect(parsePickle(fixture("array.pkl"))).toEqual({ ...expected, names: null });
    for (const name of ["rows.pkl", "lists.pkl", "float16.pkl"])
      expect(parsePickle(fixture(name))).toEqual(expected);
  });
});

describe("refusing", () => {
  test.each([
    ["evil-system-2.pkl", "refused: posix.system"],
    ["evil-system-4.pkl", "refused: posix.system"],
    ["evil-eval-2.pkl", "refused: __builtin__.eval"],
    ["evil-eval-4.pkl", "refused: builtins.eval"],
    ["evil-nested-2.pkl", "refused: posix.system"],
    ["evil-nested-4.pkl", "refused: posix.system"],
    ["evil-late-2.pkl", "refused: __builtin__.exec"],
    ["evil-late-4.pkl", "refused: builtins.exec"],
    ["evil-object.pkl", "refused: posix.system"],
    ["class.pkl", "refused: builtins.Exception"],
    ["protocol-0.pkl", "no PROTO opcode"],
    ["mismatch.pkl", "3 names for 4 vectors"],
  ])("%s", (name, found) => {
    expect(() => parsePickle(fixture(name))).toThrow(FormatError);
    expect(() => parsePickle(fixture(name))).toThrow(found);
    expect(existsSync("pwned")).toBe(false);
  });

  test("os.system by its own name", () => {
    expect(() => parsePickle(pickle(0x80, 2, "cos\nsystem\n", "U", 2, "ls", 0x85, "R."))).toThrow(
      "refused: os.system",
    );
  });

  test.each([
    ["calling the array type", pickle(0x80, 2, "cnumpy\nndarray\n", ")R.")],
    ["calling a list", pickle(0x80, 2, "])R.")],
    ["building a list", pickle(0x80, 2, "])b.")],
    [
      "an array without a state",
      pickle(0x80, 2, "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n", 0x85, "R."),
    ],
    ["a persistent object", pickle(0x80, 2, "NQ.")],
    ["an extension", pickle(0x80, 2, 0x82, 1, ".")],
    ["an instance", pickle(0x80, 2, "cnumpy\nndarray\n)", 0x81, ".")],
    ["an out-of-band buffer", pickle(0x80, 5, 0x97, ".")],
    ["an empty memo", pickle(0x80, 2, "h", 0, ".")],
    ["an empty stack", pickle(0x80, 2, ".")],
    ["a stack below its mark", pickle(0x80, 2, "N(.")],
    ["no end", pickle(0x80, 2, "N")],
    ["a forged text length", pickle(0x80, 4, 0x8d, 255, 255, 255, 255, 255, 255, 255, 127)],
    ["a forged integer length", pickle(0x80, 2, 0x8b, 255, 255, 255, 127)],
    ["a list in itself", pickle(0x80, 2, "]q", 0, "h", 0, "a.")],
    ["nothing", new Uint8Array(0)],
  ])("%s", (_, bytes) => {
    expect(() => parsePickle(bytes)).toThrow(FormatError);
  });

  test("a small file that refers to one row a million times", () => {
    const bytes = pickle(
      0x80,
      2,
      `]q\x01(${"K\x01".repeat(5000)}e0]](${"h\x01".repeat(1_000_000)}e`,
      0x86,
      ".",
    );
    expect(() => parsePickle(bytes)).toThrow("more vectors than the file has room for");
  });

  test("a small file that asks for endless copies of one text", () => {
    const text = "x".repeat(60_000);
    const head = pickle(
      0x80,
      2,
      "c_codecs\nencode\nq",
      0,
      "X",
      0x60,
      0xea,
      0,
      0,
      text,
      "U",
      6,
      "latin1",
      0x86,
      "q",
      1,
    );
    const call = pickle("h", 0, "h", 1, "R");
    const bytes = new Uint8Array(head.length + 100_000 * call.length);
    bytes.set(head);
    for (let i = 0; i < 100_000; i++) bytes.set(call, head.length + i * call.length);
    expect(() => parsePickle(bytes)).toThrow("more bytes than the file has");
  });

  test("a million nested lists", () => {
    const bytes = new Uint8Array(2_000_003)
      .fill("]".charCodeAt(0), 2, 1_000_002)
      .fill("a".charCodeAt(0), 1_000_002);
    bytes.set([0x80, 2]);
    bytes[bytes.length - 2] = ".".charCodeAt(0);
    expect(() => parsePickle(bytes)).toThrow(FormatError);
  });

  test("mutated files end in a FormatError or in vectors no larger than the file allows", () => {
    for (const name of [
      "tuple-2.pkl",
      "tuple-3.pkl",
      "dict-4.pkl",
      "tuple-5.pkl",
      "rows.pkl",
      "evil-nested-4.pkl",
    ]) {
      fc.assert(
        fc.property(mutated(fixture(name)), (bytes) => {
          const read = onlyFormatErrors(() => parsePickle(bytes));
          if (!(read instanceof FormatError))
            expect(read.vectors.data.length).toBeLessThanOrEqual(bytes.length);
        }),
        { numRuns: 300 },
      );
    }
  });
});
