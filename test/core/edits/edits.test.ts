import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { assignImages } from "../../../src/core/assign.ts";
import { applyEdits } from "../../../src/core/edits/apply-edits.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { parseEdit } from "../../../src/core/edits/parse-edit.ts";
import { baseOf, editsOf, planEdit, withoutLastEdits } from "../../../src/core/edits/plan-edit.ts";
import { InputError } from "../../../src/core/errors.ts";
import type { DenseKernels } from "../../../src/core/math/kernels.ts";
import { takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { Concept, FittedModel } from "../../../src/core/model.ts";
import { anyRequest, requestFor } from "./random-requests.ts";
import { assertSound, edited, plainParts, plan, replayed, sixConcepts } from "./shaped-models.ts";

let base: FittedModel;
beforeAll(async () => {
  base = await sixConcepts();
});

const concept = (model: FittedModel, id: number): Concept | undefined =>
  model.concepts.find((candidate) => candidate.id === id);
const rowsOf = (model: FittedModel, id: number): number[] =>
  [...model.images.concepts.keys()].filter((row) => model.images.concepts[row] === id);
const outliers = (model: FittedModel): number => rowsOf(model, -1).length;

describe("edits of a model", () => {
  it("start from a fit with concepts and outliers, and leave it alone", async () => {
    assertSound(base);
    expect(base.concepts).toHaveLength(6);
    expect(outliers(base)).toBeGreaterThan(0);
    const before = JSON.stringify([base.concepts, [...base.images.concepts]]);
    await edited(base, { kind: "merge", concepts: [2, 4] }, { kind: "recut", concepts: 3 });
    expect(JSON.stringify([base.concepts, [...base.images.concepts]])).toBe(before);
  });

  it("merge concepts under the id of the first", async () => {
    const shaped = await edited(base, { kind: "merge", concepts: [4, 1, 0] });
    assertSound(shaped);
    expect(shaped.concepts.map(({ id }) => id).sort()).toEqual([2, 3, 4, 5]);
    expect(rowsOf(shaped, 4)).toEqual(
      [...rowsOf(base, 4), ...rowsOf(base, 1), ...rowsOf(base, 0)].sort((a, b) => a - b),
    );
    for (const id of [2, 3, 5]) expect(concept(shaped, id)).toEqual(concept(base, id));
    expect(concept(shaped, 4)).toMatchObject({ pinned: true });
  });

  it("split a merged concept into what it was made of, and give new ids only", async () => {
    const merged = await edited(base, { kind: "merge", concepts: [0, 3] });
    const shaped = await edited(merged, { kind: "split", concept: 0 });
    assertSound(shaped);
    expect(shaped.concepts.map(({ id }) => id).sort()).toEqual([0, 1, 2, 4, 5, 6]);
    const parts = [rowsOf(shaped, 0), rowsOf(shaped, 6)];
    expect(parts.flat().sort((a, b) => a - b)).toEqual(rowsOf(merged, 0));
    // Each part is one of the two groups.
    for (const part of parts) expect(new Set(part.map((row) => base.images.concepts[row])).size).toBe(1);
    expect(new Set(shaped.concepts.map(({ name }) => name))).toEqual(
      new Set(base.concepts.map(({ name }) => name)),
    );
  });

  it("split into exactly as many parts as asked for, whether the tree has them or not", async () => {
    for (const into of [2, 3, 5]) {
      const shaped = await edited(base, { kind: "split", concept: 1, into });
      assertSound(shaped);
      expect(shaped.concepts).toHaveLength(5 + into);
    }
    await expect(edited(base, { kind: "split", concept: 1, into: 99 })).rejects.toThrow("99");
  });

  it("tell names that a language model gave from those of people, through merges, splits and cuts", async () => {
    const byModel = { kind: "rename", concept: 3, name: "harbour", namedBy: "tiny\nmodel" } as const;
    const named = await edited(base, byModel);
    expect(concept(named, 3)).toMatchObject({ name: "harbour", renamed: true, namedBy: "tiny model" });
    const later: EditRequest[] = [
      { kind: "merge", concepts: [0, 3] },
      { kind: "split", concept: 0 },
      { kind: "recut", concepts: 4 },
    ];
    const shaped = await edited(named, ...later);
    expect(shaped.concepts.filter(({ namedBy }) => namedBy === "tiny model").map(({ name }) => name)).toEqual(
      ["harbour"],
    );
    expect(plainParts(replayed(shaped, parseEdit))).toEqual(plainParts(shaped));
    const again = await edited(named, { kind: "rename", concept: 3, name: "harbour" });
    expect(concept(again, 3)).toEqual({ ...concept(base, 3), name: "harbour", renamed: true });
    for (const namedBy of [7, "", "two\nlines"]) {
      expect(() => parseEdit({ ...byModel, namedBy })).toThrow("An edit cannot be read");
    }
  });

  it("rename, pin and hide without touching anything else", async () => {
    const shaped = await edited(
      base,
      { kind: "rename", concept: 3, name: "harbour" },
      { kind: "pin", concept: 1 },
      { kind: "hide", concept: 2 },
    );
    expect(concept(shaped, 3)).toEqual({ ...concept(base, 3), name: "harbour", renamed: true });
    expect(concept(shaped, 1)).toEqual({ ...concept(base, 1), pinned: true });
    expect(concept(shaped, 2)).toEqual({ ...concept(base, 2), hidden: true });
    expect(shaped.images).toEqual(base.images);
    const back = await edited(
      shaped,
      { kind: "pin", concept: 1, pinned: false },
      { kind: "hide", concept: 2, hidden: false },
    );
    expect(concept(back, 1)).toEqual(concept(base, 1));
    expect(concept(back, 2)).toEqual(concept(base, 2));
  });

  it("move pictures to a concept, to none and to a new one", async () => {
    const [a, b, c] = rowsOf(base, 0);
    const shaped = await edited(
      base,
      { kind: "move", pictures: [a!, base.images.paths[b!]!], to: 5 },
      { kind: "move", pictures: [c!], to: "none" },
      { kind: "move", pictures: rowsOf(base, -1).slice(0, 3), to: "new" },
    );
    assertSound(shaped);
    expect([shaped.images.concepts[a!], shaped.images.concepts[b!], shaped.images.concepts[c!]]).toEqual([
      5, 5, -1,
    ]);
    expect(shaped.images.probabilities[a!]).toBe(1);
    expect(rowsOf(shaped, 6)).toEqual(rowsOf(base, -1).slice(0, 3));
    // A concept ends with its last picture.
    const emptied = await edited(shaped, { kind: "move", pictures: rowsOf(shaped, 6), to: 0 });
    expect(concept(emptied, 6)).toBeUndefined();
    // Its id is not given again.
    const later = await edited(emptied, { kind: "move", pictures: [a!], to: "new" });
    expect(concept(later, 7)).toBeDefined();
  });

  it("make a concept of all pictures of another under the same name: it was refused, as the one that ends still had it", async () => {
    const { name } = concept(base, 0)!;
    const made = await edited(base, { kind: "move", pictures: rowsOf(base, 0), to: "new" });
    assertSound(made);
    expect(concept(made, 0)).toBeUndefined();
    expect(made.concepts.map((one) => one.name)).toContain(name);
  });

  it("assign known pictures to where they were moved, and strangers to where their like are", async () => {
    const shaped = await edited(
      base,
      { kind: "merge", concepts: [0, 3] },
      { kind: "split", concept: 0 },
      { kind: "move", pictures: [rowsOf(base, 1)[0]!], to: "none" },
    );
    const all = await assignImages(shaped, base.imageVectors, { kernels: referenceKernels });
    expect(all.concepts).toEqual(shaped.images.concepts);
    const near = takeRows(base.imageVectors, [...rowsOf(shaped, 0), ...rowsOf(shaped, 6)]);
    const strangers = { ...near, data: near.data.map((value, i) => value + (i % 7 === 0 ? 2e-3 : 0)) };
    const found = await assignImages(shaped, strangers, { kernels: referenceKernels });
    const wanted = [...rowsOf(shaped, 0).map(() => 0), ...rowsOf(shaped, 6).map(() => 6)];
    const right = wanted.filter((id, i) => found.concepts[i] === id).length;
    expect(right / wanted.length).toBeGreaterThan(0.9);
  });

  it("are refused where they do not fit", async () => {
    const refused: readonly EditRequest[] = [
      { kind: "merge", concepts: [1] },
      { kind: "merge", concepts: [1, 1] },
      { kind: "merge", concepts: [1, 77] },
      { kind: "split", concept: 77 },
      { kind: "split", concept: 1, into: 1 },
      { kind: "rename", concept: 1, name: base.concepts[0]!.name },
      { kind: "rename", concept: 1, name: "  " },
      { kind: "rename", concept: 1, name: "two\nlines" },
      { kind: "rename", concept: 1, name: "x".repeat(201) },
      { kind: "move", pictures: [], to: 1 },
      { kind: "move", pictures: ["nowhere.jpg"], to: 1 },
      { kind: "move", pictures: [280], to: 1 },
      { kind: "move", pictures: [0], to: 77 },
      { kind: "outliers", strategy: "exemplar", threshold: 2 },
      { kind: "outliers", strategy: "magic" as "exemplar" },
      { kind: "recut", concepts: 1 },
      { kind: "recut", concepts: 3, epsilon: 0.5 },
      { kind: "recut", minConceptSize: 1 },
    ];
    for (const request of refused) {
      await expect(edited(base, request), JSON.stringify(request)).rejects.toThrow(InputError);
    }
  });
});

describe("a recut", () => {
  it("gives every number of concepts from 2 up, or says how many there can be", async () => {
    for (const count of [2, 3, 4, 5, 6, 7, 9, 12]) {
      const shaped = await edited(base, { kind: "recut", concepts: count });
      assertSound(shaped);
      expect(shaped.concepts).toHaveLength(count);
    }
    await expect(edited(base, { kind: "recut", concepts: 200 })).rejects.toThrow(/from 2 to \d+/);
    await expect(edited(base, { kind: "recut", concepts: 40, minConceptSize: 15 })).rejects.toThrow(
      /from 2 to \d+.*at least 15/s,
    );
  });

  it("keeps ids and names of concepts that go on, and says all edits again afterwards", async () => {
    const shaped = await edited(
      base,
      { kind: "rename", concept: 3, name: "harbour" },
      { kind: "hide", concept: 2 },
      { kind: "merge", concepts: [0, 5] },
      { kind: "move", pictures: [rowsOf(base, 1)[0]!], to: "none" },
      { kind: "recut", minConceptSize: 8 },
    );
    assertSound(shaped);
    expect(concept(shaped, 3)).toMatchObject({ name: "harbour", renamed: true });
    expect(concept(shaped, 2)).toMatchObject({ hidden: true });
    expect(concept(shaped, 5)).toBeUndefined();
    for (const row of [...rowsOf(base, 0), ...rowsOf(base, 5)]) expect(shaped.images.concepts[row]).toBe(0);
    expect(shaped.images.concepts[rowsOf(base, 1)[0]!]).toBe(-1);
    const again = await edited(shaped, { kind: "recut" });
    expect(concept(again, 3)).toMatchObject({ name: "harbour" });
    expect(concept(again, 0)?.size).toBeGreaterThanOrEqual(rowsOf(base, 0).length + rowsOf(base, 5).length);
  });

  it("counts what stays as it is among the concepts asked for", async () => {
    const merged = await edited(base, { kind: "merge", concepts: [0, 5] }, { kind: "pin", concept: 2 });
    for (const count of [3, 4, 5, 8]) {
      const shaped = await edited(merged, { kind: "recut", concepts: count });
      assertSound(shaped);
      expect(shaped.concepts).toHaveLength(count);
      expect(rowsOf(shaped, 2)).toEqual(expect.arrayContaining(rowsOf(base, 2)));
    }
    const pinned = await edited(
      base,
      ...base.concepts.map(({ id }): EditRequest => ({ kind: "pin", concept: id })),
    );
    await expect(edited(pinned, { kind: "recut", concepts: 3 })).rejects.toThrow("unpin");
  });

  it("by leaves gives no fewer concepts than by mass", async () => {
    const leaves = await edited(base, { kind: "recut", method: "leaf", minConceptSize: 5 });
    const mass = await edited(base, { kind: "recut", method: "eom", minConceptSize: 5 });
    assertSound(leaves);
    expect(leaves.concepts.length).toBeGreaterThanOrEqual(mass.concepts.length);
  });
});

describe("reducing outliers", () => {
  it.each(["membership", "exemplar", "neighbors"] as const)("by %s moves outliers only", async (strategy) => {
    const shaped = await edited(base, { kind: "outliers", strategy, threshold: 0.001 });
    assertSound(shaped);
    expect(outliers(shaped)).toBeLessThan(outliers(base));
    base.images.concepts.forEach((id, row) => {
      if (id !== -1) expect(shaped.images.concepts[row]).toBe(id);
    });
    const strict = await edited(base, { kind: "outliers", strategy, threshold: 1 });
    expect(outliers(strict)).toBeGreaterThanOrEqual(outliers(shaped));
  });

  it("leaves pictures that a person took out where they are, and goes on over recuts", async () => {
    const row = rowsOf(base, 1)[0]!;
    const shaped = await edited(
      base,
      { kind: "move", pictures: [row], to: "none" },
      { kind: "outliers", strategy: "neighbors", threshold: 0 },
    );
    expect(shaped.images.concepts[row]).toBe(-1);
    const recut = await edited(shaped, { kind: "recut", concepts: 4 });
    const plain = await edited(shaped, { kind: "recut", concepts: 4, reduceOutliers: "none" });
    expect(outliers(recut)).toBeLessThan(outliers(plain));
    expect(recut.images.concepts[row]).toBe(-1);
  });
});

describe("any sequence of edits", () => {
  it("keeps a model sound, can be replayed from its text, and is undone to the fit", async () => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: 1, maxLength: 6 }), async (drawn) => {
        let model = base;
        const given = new Set(base.concepts.map(({ id }) => id));
        for (const each of drawn) {
          if (model.concepts.length === 0) break;
          try {
            const next = await edited(model, requestFor(model, each));
            assertSound(next);
            // Ids stay: what there is now was there before, or has an id that was never given.
            for (const { id } of next.concepts) {
              if (!model.concepts.some((before) => before.id === id)) expect(given.has(id)).toBe(false);
              given.add(id);
            }
            model = next;
            applied++;
          } catch (error) {
            if (!(error instanceof InputError)) throw error;
          }
        }
        expect(plainParts(replayed(model, parseEdit))).toEqual(plainParts(model));
        expect(withoutLastEdits(model, editsOf(model).length)).toBe(baseOf(model));
      }),
      { numRuns: 60 },
    );
    expect(applied).toBeGreaterThan(100);
  });

  it("gives the same edit for the same request", async () => {
    const request: EditRequest = { kind: "split", concept: 1, into: 3 };
    expect(await plan(base, request)).toEqual(await plan(base, request));
  });

  it("puts the words of changed concepts to the test alone: a merge among 285 took as long as a new fit's words", async () => {
    const asked = async (request: EditRequest): Promise<number> => {
      let words = 0;
      const counting: DenseKernels = {
        ...referenceKernels,
        innerProductIndex: (points, bias) => {
          words += points.rows;
          return referenceKernels.innerProductIndex(points, bias);
        },
        productsInto: (target, points, queries) => {
          words += points.rows;
          return referenceKernels.productsInto(target, points, queries);
        },
      };
      await planEdit(base, request, { kernels: counting });
      return words;
    };
    const all = await asked({ kind: "recut", concepts: 7 });
    expect(await asked({ kind: "merge", concepts: [0, 1] })).toBeLessThan(all / 2);
  });

  it("names the edit that does not fit", async () => {
    const edit = await plan(base, { kind: "merge", concepts: [1, 2] });
    expect(() => applyEdits(base, [edit, edit])).toThrow(expect.objectContaining({ place: 1 }));
  });
});
