import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/core/concept-model.ts";
import { matrix, row } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { sampleRows, smallestSure } from "../../../src/core/sample/sample-rows.ts";

describe("a sample of rows", () => {
  it("has the size asked for, ascending, each row once", () => {
    const check = fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer(),
      (rows, share, seed) => {
        const size = Math.floor(rows * share);
        const chosen = [...sampleRows(rows, size, new Rng(seed))];
        expect(chosen).toHaveLength(size);
        expect(chosen.every((value, i) => value < rows && (i === 0 || value > chosen[i - 1]!))).toBe(true);
      },
    );
    fc.assert(check, { numRuns: 300 });
  });

  it("takes the same share everywhere, and another one with another seed", () => {
    const counts = new Float64Array(10);
    for (let seed = 0; seed < 200; seed++) {
      for (const chosen of sampleRows(1000, 100, new Rng(seed))) counts[Math.floor(chosen / 100)]!++;
    }
    // 2,000 expected in each tenth; five standard deviations are 210.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(210);
    expect(sampleRows(1000, 100, new Rng(1))).not.toEqual(sampleRows(1000, 100, new Rng(2)));
  });

  it("surely holds enough of concepts from a size on, as drawing shows", () => {
    expect(smallestSure(1000, 1000, 30)).toBe(30);
    for (const [rows, size, least] of [
      [10_000, 1000, 5],
      [5000, 2500, 30],
    ] as const) {
      const sure = smallestSure(rows, size, least);
      const found = (images: number) => {
        let hits = 0;
        for (let seed = 0; seed < 400; seed++) {
          const inside = sampleRows(rows, size, new Rng(seed)).filter((chosen) => chosen < images).length;
          if (inside >= least) hits++;
        }
        return hits / 400;
      };
      expect(found(sure)).toBeGreaterThan(0.91);
      expect(found(Math.round(sure * 0.7))).toBeLessThan(0.91);
    }
    // Nothing underflows or runs for ever where the share is tiny.
    expect(smallestSure(1e9, 1000, 30)).toBeGreaterThan(30e6);
  });
});

/** Six tight groups of 60 in 16 dimensions, in mixed order. */
function groups() {
  const rng = new Rng(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform());
  const centres = Array.from({ length: 6 }, () => Array.from({ length: 16 }, normal));
  const data = Float32Array.from({ length: 360 * 16 }, (_, i) => {
    const centre = centres[Math.floor(i / 16) % 6]!;
    return centre[i % 16]! + 0.1 * normal();
  });
  return matrix(data, 360, 16);
}

describe("a fit of a sample", () => {
  it("finds the groups, gives the rest to them, keeps all that is known of the images, and is the same every time", async () => {
    const vectors = groups();
    const fit = (sample?: number) =>
      new ConceptModel({ minConceptSize: 10 }).fit([], {
        imageEmbeddings: vectors,
        imageNames: Array.from({ length: 360 }, (_, i) => `picture ${i}`),
        captions: Array.from({ length: 360 }, (_, i) => `caption ${i}`),
        columns: [
          { name: "number", type: "number", values: Float64Array.from({ length: 360 }, (_, i) => i) },
        ],
        sample,
      });
    const { fitted } = await fit(150);
    expect(fitted.images.paths).toHaveLength(360);
    expect(fitted.images.paths[217]).toBe("picture 217");
    expect(fitted.images.captions?.[217]).toEqual(["caption 217"]);
    expect(fitted.images.columns[0]?.values[217]).toBe(217);
    expect(row(fitted.imageVectors, 217)).toHaveLength(16);
    expect(fitted.concepts).toHaveLength(6);
    for (let group = 0; group < 6; group++) {
      const ids = fitted.images.concepts.filter((_, i) => i % 6 === group);
      const most = Math.max(...fitted.concepts.map(({ id }) => ids.filter((one) => one === id).length));
      expect(most).toBeGreaterThanOrEqual(57);
    }
    expect((await fit(150)).fitted.images).toEqual(fitted.images);
    // As many as there are, or more, is a fit of everything.
    expect((await fit(360)).fitted.images).toEqual((await fit()).fitted.images);
    await expect(fit(0)).rejects.toMatchObject({ code: "BAD_OPTION" });
  });
});
