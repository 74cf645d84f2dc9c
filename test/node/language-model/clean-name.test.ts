import fc from "fast-check";
import { expect, test } from "vitest";
import { nameFault } from "../../../src/core/edits/edit-text.ts";
import { cleanName } from "../../../src/node/language-model/clean-name.ts";

test.each([
  ["Fishing boats", "Fishing boats"],
  ['  "Fishing boats."\n', "Fishing boats"],
  ["**Name:** Fishing boats", "Fishing boats"],
  ["Name: Fishing boats\n\nThey show boats.", "Fishing boats"],
  ["<think>what\nis it</think>\n\nBoats", "Boats"],
  ["```\nBoats\n```", "Boats"],
  ['{"name": "Boats"}', "Boats"],
  ["1. Boats", "Boats"],
  ["- Boats", "Boats"],
  ["« Bateaux »", "Bateaux"],
  ["Bo\u202eats\u0007 x", "Bo ats x"],
  ["漁船", "漁船"],
  ["35 mm film", "35 mm film"],
  ["", null],
  ["...", null],
  ["<think>no end", null],
  ["I'm sorry, I cannot see the pictures", null],
  ["These pictures show many different kinds of boats on the water", null],
  ["y".repeat(61), null],
])("%j is called %j", (answer, name) => {
  expect(cleanName(answer)).toBe(name);
});

test("whatever comes, a name is one that a concept can bear", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (answer) => {
      const name = cleanName(answer);
      if (name !== null) expect(nameFault(name)).toBeNull();
    }),
    { numRuns: 1000 },
  );
});
