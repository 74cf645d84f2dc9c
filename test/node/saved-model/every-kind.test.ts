import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { type Matrix, stackRows, takeRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { growModel } from "../../../src/core/update/grow-model.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { assertSound, plainParts } from "../../core/edits/shaped-models.ts";
import { groupedVectors } from "../../support/collections.ts";

// Six groups of fifty pictures in two halves each, one of whose pictures was taken forty times in a burst.
const groups = groupedVectors({ groups: 12, perGroup: 25, spread: 0.5 });
const burst = groupedVectors({ groups: 1, perGroup: 40, spread: 0.04, seed: 21 });
const all = stackRows([groups.vectors, burst.vectors], 32);
const FIT = Array.from({ length: 270 }, (_, i) => i).concat(Array.from({ length: 25 }, (_, i) => 300 + i));
/** After the fit: twenty left, the rest came, a copy of one of the fit among them. */
const LATER = [...Array.from({ length: all.rows - 20 }, (_, i) => 20 + i), 100];

interface Kind {
  readonly name: string;
  readonly isCollapsed?: boolean;
  readonly isSeeded?: boolean;
  readonly isGrown?: boolean;
}

const KINDS: readonly Kind[] = [
  { name: "collapsed", isCollapsed: true },
  { name: "seeded", isSeeded: true },
  { name: "grown", isGrown: true },
  { name: "collapsed and grown", isCollapsed: true, isGrown: true },
  { name: "seeded and grown", isSeeded: true, isGrown: true },
  { name: "collapsed, seeded and grown", isCollapsed: true, isSeeded: true, isGrown: true },
];

async function fitted({ isCollapsed, isSeeded }: Kind): Promise<FittedModel> {
  const examples = (group: number): Matrix => takeRows(all, [group, group + 12, group + 24]);
  const model = new ConceptModel({ minConceptSize: 10, collapseDuplicates: isCollapsed ?? false });
  await model.fit([], {
    imageEmbeddings: takeRows(all, FIT),
    imageNames: FIT.map((row) => `${row}.jpg`),
    docs: Array.from({ length: 12 }, (_, i) => `word ${i}`),
    docEmbeddings: groups.centres,
    ...(isSeeded ? { seeds: [{ name: "given", vectors: examples(1) }] } : {}),
  });
  return model.fitted;
}

async function ofKind(kind: Kind): Promise<FittedModel> {
  const model = await fitted(kind);
  if (kind.isGrown !== true) return model;
  const paths = LATER.map((row, i) => (i === LATER.length - 1 ? "copy.jpg" : `${row}.jpg`));
  const ids = paths.map((path) => (path === "copy.jpg" ? "copy" : `id ${path}`));
  const images = { ids, paths, root: null, bytes: new Float64Array(ids.length), columns: [], captions: null };
  const rowBefore = Int32Array.from(paths, (path) => model.images.paths.indexOf(path));
  const collection = { images, vectors: takeRows(all, LATER), rowBefore };
  return (await growModel(model, collection, { kernels: referenceKernels })).model;
}

function bytes(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file} ${readFileSync(file).toString("latin1")}`)
    .join("\n");
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "every-kind-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(KINDS)("a model that is $name", (kind) => {
  let target: string;
  let base: FittedModel;
  beforeAll(async () => {
    base = await ofKind(kind);
    target = join(folder, kind.name.replaceAll(/\W+/g, "-"));
    await saveModel(base, target);
  });

  it("is cut to every number of concepts that its tree has, or says which those are", async () => {
    const model = await ConceptModel.load(target);
    const { fewest, most } = model.fitted.clusterer.countRange!(2);
    expect(most).toBeGreaterThan(15);
    expect(fewest).toBe(kind.isSeeded ? 3 : 2);
    const reached = [];
    for (let count = fewest; count <= most; count++) {
      const cut = await model.recut({ concepts: count }).then(
        () => model.fitted.concepts.length,
        () => null,
      );
      if (cut === null) continue;
      assertSound(model.fitted);
      expect(cut).toBe(count);
      reached.push(count);
      model.undo();
    }
    // Groups all of whose pictures have left make no concepts.
    expect(reached.length).toBeGreaterThanOrEqual(kind.isGrown ? most - fewest - 3 : most - fewest + 1);
    await expect(model.recut({ concepts: most + 1 })).rejects.toMatchObject({
      code: "BAD_OPTION",
      expected: `from ${fewest} to ${most}`,
    });
    if (kind.isSeeded) {
      await expect(model.recut({ concepts: 2 })).rejects.toThrow("Concepts known before the fit stay");
    }
  });

  it("is shaped, saved, loaded, and undone to the bytes of the folder", async () => {
    const before = bytes(target);
    const seeded = base.concepts.find((one) => one.seeded)?.id;
    const requests: readonly EditRequest[] = [
      { kind: "recut", minConceptSize: 6 },
      { kind: "recut", minConceptSize: 5, method: "leaf" },
      { kind: "recut", minConceptSize: 5, method: "eom" },
      { kind: "recut", concepts: 6 },
    ];
    let counts: number[] = [];
    for (const request of requests) {
      const model = await ConceptModel.load(target);
      await model.edit(request);
      counts = [...counts, model.fitted.concepts.length];
      assertSound(model.fitted);
      await model.saveEdits();
      expect(plainParts((await ConceptModel.load(target)).fitted)).toEqual(plainParts(model.fitted));
    }
    expect(counts[1]).toBeGreaterThanOrEqual(counts[2]!);
    const model = await ConceptModel.load(target);
    const unseeded = model.fitted.concepts.filter((one) => !one.seeded);
    // Of the first two together the tree knows the parts.
    const [first, second] = unseeded.map(({ id }) => id);
    const membersOf = (id: number): string[] =>
      model.fitted.images.paths.filter((_, row) => model.fitted.images.concepts[row] === id);
    const parts = [membersOf(first!), membersOf(second!)];
    await model.edit({ kind: "merge", concepts: [first!, second!] });
    const merged = model.fitted.concepts.find(({ id }) => id === first!)!;
    const split = await model.edit({ kind: "split", concept: merged.id });
    if (seeded !== undefined) await model.edit({ kind: "split", concept: seeded, into: 2 });
    assertSound(model.fitted);
    if (split.kind !== "split") throw new Error("no split");
    const again = [membersOf(merged.id), membersOf(split.parts[0]!.draft.concept)];
    const shared = parts.flatMap((part) =>
      again.map((other) => part.filter((path) => other.includes(path)).length),
    );
    // Each part is nearly one of the two.
    expect(Math.max(shared[0]! + shared[3]!, shared[1]! + shared[2]!)).toBeGreaterThan(0.8 * merged.size);
    await model.saveEdits();
    const loaded = await ConceptModel.load(target);
    expect(plainParts(loaded.fitted)).toEqual(plainParts(model.fitted));
    while (loaded.undo() !== null);
    await loaded.saveEdits();
    expect(bytes(target)).toBe(before);
  });

  it("has a hierarchy from its tree, with every concept in it", async () => {
    const model = await ConceptModel.load(target);
    await model.recut({ minConceptSize: 8, method: "leaf" });
    const { nodes, levels } = await model.hierarchy();
    expect(levels.length).toBeGreaterThan(1);
    const leaves = nodes.filter(({ level }) => level === 0);
    expect(leaves.map(({ id }) => id).sort()).toEqual(model.fitted.concepts.map(({ id }) => id).sort());
    expect(leaves.filter(({ parent }) => parent !== -1).length).toBeGreaterThan(leaves.length / 2);
    for (const node of nodes.filter(({ level }) => level > 0)) {
      const inside = nodes.filter(({ parent }) => parent === node.id);
      expect(inside.reduce((sum, { size }) => sum + size, 0)).toBe(node.size);
    }
    expect((await ConceptModel.load(target)).edits).toEqual([]);
  });
});
