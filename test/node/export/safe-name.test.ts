import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DistinctNames, safeName } from "../../../src/node/export/safe-name.ts";

describe("safeName", () => {
  it.each([
    ["boat, ship", "boat, ship"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["/abs", "_abs"],
    ["C:\\x", "C__x"],
    ["a\0b", "a_b"],
    ["nul", "_nul"],
    ["COM1.jpg", "_COM1.jpg"],
    ["..", "_"],
    ["", "_"],
    [" . ", "_"],
    ["trailing. ", "trailing"],
    ['<b>"x"|?*', "_b__x____"],
    ["gpj.\u202eexe", "gpj._exe"],
    ["猫.png", "猫.png"],
  ])("%j becomes %j", (text, name) => {
    expect(safeName(text)).toBe(name);
  });

  it("is one part of a path on every system, within 255 bytes, and the same when made safe again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const name = safeName(text);
        expect(path.posix.basename(name)).toBe(name);
        expect(path.win32.basename(name)).toBe(name);
        expect([".", "..", ""]).not.toContain(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(220);
        expect(safeName(name)).toBe(name);
      }),
    );
  });

  it("keeps the extension of a long name, and cuts between characters", () => {
    const name = safeName(`${"猫".repeat(200)}.jpeg`);
    expect(name.endsWith("猫.jpeg")).toBe(true);
  });
});

describe("DistinctNames", () => {
  it("numbers names that meet, whatever their case", () => {
    const names = new DistinctNames();
    const given = ["a.jpg", "A.JPG", "a (2).jpg", "a.jpg", "a/b", "a_b", "é", "e\u0301"];
    const distinct = given.map((name) => names.next(name));
    expect(distinct).toEqual([
      "a.jpg",
      "A (2).JPG",
      "a (2) (2).jpg",
      "a (3).jpg",
      "a_b",
      "a_b (2)",
      "é",
      "é (2)",
    ]);
  });
});
