import { describe, expect, test } from "vitest";
import { PictureMatcher } from "../../../src/node/metadata/picture-match.ts";

const HASH = "ab".repeat(32);
const matcher = new PictureMatcher({
  ids: ["one", "two", HASH, HASH, "five"],
  paths: ["a/1.jpg", "b/1.jpg", "b/2.jpg", "copy of 2.jpg", "caf\u00e9.png"],
});

describe("a key finds its picture", () => {
  test.each([
    ["a/1.jpg", [0]],
    ["./b/1.jpg", [1]],
    ["a\\1.jpg", [0]],
    ["/home/me/photos/b/1.jpg", [1]],
    ["C:\\photos\\a\\1.jpg", [0]],
    ["2.jpg", [2]],
    ["2", [2]],
    ["cafe\u0301.png", [4]],
    [" cafe\u0301 ", [4]],
    [HASH.toUpperCase(), [2, 3]],
    ["five", [4]],
  ])("%s", (key, rows) => {
    expect(matcher.find(key)).toEqual({ kind: "matched", rows });
  });

  test("or none, where several bear its name or its folder is another", () => {
    expect(matcher.find("1.jpg")).toEqual({ kind: "ambiguous" });
    expect(matcher.find("1")).toEqual({ kind: "ambiguous" });
    for (const key of ["c/2.jpg", "3.jpg", "", "/", "b/", "b"]) {
      expect(matcher.find(key), key).toEqual({ kind: "unmatched" });
    }
  });
});
