import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffModels } from "../../../src/core/compare/model-diff.ts";
import { InputError } from "../../../src/core/errors.ts";
import { grouping, pictures } from "./groupings.ts";

describe("what became of concepts", () => {
  it("tells born, died, grown, shrunk, split, merged and renamed apart", () => {
    const before = grouping({
      ...pictures("steady", 40, "stays"),
      ...pictures("grow", 30, "grows"),
      ...pictures("shrink", 30, "shrinks"),
      ...pictures("name", 25, "old name"),
      ...pictures("left", 20, "pets"),
      ...pictures("right", 18, "pets"),
      ...pictures("sea", 22, "sea"),
      ...pictures("lake", 21, "lake"),
      ...pictures("gone", 24, "gone"),
      ...pictures("loose", 12, "fades"),
      ...pictures("stray", 15, null),
    });
    const after = grouping({
      ...pictures("steady", 40, "stays"),
      ...pictures("grow", 30, "grows"),
      ...pictures("more", 10, "grows"),
      ...pictures("shrink", 30, null),
      ...pictures("shrink", 20, "shrinks"),
      ...pictures("name", 25, "new name"),
      ...pictures("left", 20, "cats"),
      ...pictures("right", 18, "dogs"),
      ...pictures("sea", 22, "water"),
      ...pictures("lake", 21, "water"),
      ...pictures("loose", 12, null),
      ...pictures("stray", 15, "found"),
    });
    const diff = diffModels(before, after);
    expect(diff.matchedBy).toBe("pictures");
    const went = diff.continued.map(({ before: a, after: b, change, isRenamed }) => [
      a.name,
      b.name,
      change,
      isRenamed,
    ]);
    expect(new Set(went)).toEqual(
      new Set([
        ["stays", "stays", "same", false],
        ["grows", "grows", "grown", false],
        ["shrinks", "shrinks", "shrunk", false],
        ["old name", "new name", "same", true],
      ]),
    );
    expect(diff.split).toMatchObject([
      {
        before: { name: "pets", size: 38, kept: 38 },
        into: [
          { name: "cats", shared: 20 },
          { name: "dogs", shared: 18 },
        ],
      },
    ]);
    expect(diff.merged).toMatchObject([
      {
        after: { name: "water", size: 43 },
        from: [
          { name: "sea", shared: 22 },
          { name: "lake", shared: 21 },
        ],
      },
    ]);
    expect(diff.died).toMatchObject([
      { name: "gone", size: 24, kept: 0, unassigned: 0 },
      { name: "fades", size: 12, kept: 12, unassigned: 12 },
    ]);
    expect(diff.born).toMatchObject([{ name: "found", size: 15, kept: 15, unassigned: 15 }]);
    expect(diff.pictures).toMatchObject({ before: 257, after: 243, shared: 233, relocated: [] });
    expect(diff.pictures.added).toHaveLength(10);
    expect(diff.pictures.removed).toHaveLength(24);
    // Ten shrunk away, twelve faded, fifteen were found; what split or merged did not move.
    expect(diff.pictures.moved).toHaveLength(37);
  });

  it("says that a removed class died even where a few of its pictures live on elsewhere", () => {
    const before = grouping({ ...pictures("horse", 100, "horse"), ...pictures("deer", 100, "deer") });
    const after = grouping({ ...pictures("horse", 2, "deer"), ...pictures("deer", 100, "deer") });
    const diff = diffModels(before, after);
    expect(diff.died).toMatchObject([{ name: "horse", size: 100, kept: 2 }]);
    expect(diff.merged).toEqual([]);
    expect(diff.continued).toMatchObject([
      { before: { name: "deer" }, after: { name: "deer" }, change: "same" },
    ]);
  });

  it("sees a concept go on that took in what had been in none", () => {
    const before = grouping({ ...pictures("a", 50, "small"), ...pictures("b", 150, null) });
    const after = grouping({ ...pictures("a", 50, "large"), ...pictures("b", 150, "large") });
    expect(diffModels(before, after).continued).toMatchObject([
      { before: { name: "small" }, after: { name: "large" }, change: "grown", isRenamed: true },
    ]);
  });

  it("takes a file for the same picture at another path, and equal files one by one", () => {
    const hash = (i: number): string => String(i).padStart(64, "0");
    const model = grouping({ "a.jpg": "one", "b.jpg": "one", "c.jpg": "one", "d.jpg": "one" });
    const before = { ...model, images: { ...model.images, ids: [hash(1), hash(2), hash(2), hash(3)] } };
    const after = {
      ...model,
      images: {
        ...model.images,
        ids: [hash(2), hash(1), hash(2), hash(2)],
        paths: ["new/b.jpg", "a.jpg", "c.jpg", "copy.jpg"],
      },
    };
    const { pictures: changes } = diffModels(before, after);
    expect(changes.shared).toBe(3);
    expect(changes.relocated).toEqual([{ from: "b.jpg", to: "new/b.jpg" }]);
    expect(changes.added).toEqual(["copy.jpg"]);
    expect(changes.removed).toEqual(["d.jpg"]);
  });
});

describe("collections without a picture in common", () => {
  const vectors = {
    sea: [1, 0.1, 0],
    tree: [0, 1, 0.1],
    dog: [0.1, 0, 1],
    ocean: [1, 0.2, 0.1],
    wood: [0.1, 1, 0],
  };
  const before = grouping(
    { ...pictures("a", 9, "sea"), ...pictures("b", 8, "tree"), ...pictures("c", 7, "dog") },
    { vectors, embedder: "e1" },
  );

  it("are matched by vectors of the same embedder, and it is said so", () => {
    const after = grouping(
      { ...pictures("x", 9, "ocean"), ...pictures("y", 8, "wood") },
      { vectors, embedder: "e1" },
    );
    const diff = diffModels(before, after);
    expect(diff.matchedBy).toBe("vectors");
    expect(diff.continued.map(({ before: a, after: b }) => [a.name, b.name])).toEqual([
      ["sea", "ocean"],
      ["tree", "wood"],
    ]);
    for (const { similarity } of diff.continued) expect(similarity).toBeGreaterThan(0.6);
    expect(diff.died).toMatchObject([{ name: "dog" }]);
  });

  it("are refused where the embedders differ, or are not known", () => {
    const others = { ...pictures("x", 9, "ocean") };
    expect(() => diffModels(before, grouping(others, { vectors, embedder: "e2" }))).toThrow(InputError);
    expect(() => diffModels(before, grouping(others, { vectors }))).toThrow(/nothing to be compared by/);
  });
});

describe("any two groupings", () => {
  const models = fc
    .array(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 120 })
    .map((rows) => {
      const side = (group: (row: (typeof rows)[number]) => number, absent: number) =>
        grouping(
          Object.fromEntries(
            rows.flatMap((row, i) =>
              row[2] === absent ? [] : [[`${i}`, group(row) === 0 ? null : `g${group(row)}`]],
            ),
          ),
        );
      return { before: side((row) => row[0], 8), after: side((row) => row[1], 9) };
    });

  it("account for every picture and every concept", () => {
    fc.assert(
      fc.property(models, ({ before, after }) => {
        fc.pre(before.images.paths.some((path) => after.images.paths.includes(path)));
        const diff = diffModels(before, after);
        const { shared, added, removed } = diff.pictures;
        expect(shared + removed.length).toBe(before.images.paths.length);
        expect(shared + added.length).toBe(after.images.paths.length);
        const told = new Set([
          ...diff.continued.map(({ before: { id } }) => id),
          ...diff.split.map(({ before: { id } }) => id),
          ...diff.merged.flatMap(({ from }) => from.map(({ id }) => id)),
          ...diff.died.map(({ id }) => id),
        ]);
        expect(told).toEqual(new Set(before.concepts.map(({ id }) => id)));
      }),
    );
  });

  it("mirror each other when swapped", () => {
    fc.assert(
      fc.property(models, ({ before, after }) => {
        fc.pre(before.images.paths.some((path) => after.images.paths.includes(path)));
        const forth = diffModels(before, after);
        const back = diffModels(after, before);
        expect(new Set(back.born.map(({ id }) => id))).toEqual(new Set(forth.died.map(({ id }) => id)));
        expect(back.split.length).toBe(forth.merged.length);
        expect(back.continued.length).toBe(forth.continued.length);
        expect(back.pictures.moved.length).toBe(forth.pictures.moved.length);
      }),
    );
  });

  it("find nothing changed in a model beside itself", () => {
    fc.assert(
      fc.property(models, ({ before }) => {
        fc.pre(before.images.paths.length > 0);
        const diff = diffModels(before, before);
        expect(diff).toMatchObject({ split: [], merged: [], born: [], died: [] });
        expect(diff.continued.every(({ change, isRenamed }) => change === "same" && !isRenamed)).toBe(true);
        expect(diff.pictures).toMatchObject({ added: [], removed: [], relocated: [], moved: [] });
      }),
    );
  });
});
