import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownStages } from "../../../src/core/defaults.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { InputError } from "../../../src/core/errors.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { anyRequest, requestFor } from "../../core/edits/random-requests.ts";
import { assertSound, edited, GROUP_NAMES, plainParts, sixConcepts } from "../../core/edits/shaped-models.ts";

const requests: readonly EditRequest[] = [
  { kind: "rename", concept: 1, name: "h\u00e2vre \ud83d\udea2" },
  { kind: "merge", concepts: [0, 4] },
  { kind: "split", concept: 5, into: 3 },
  { kind: "pin", concept: 2 },
  { kind: "hide", concept: 3 },
  { kind: "move", pictures: [0, 1, "2.jpg"], to: "new" },
  { kind: "move", pictures: [3], to: "none" },
  { kind: "move", pictures: [4, 5], to: 1 },
  { kind: "outliers", strategy: "neighbors", threshold: 0 },
  { kind: "recut", concepts: 9 },
  { kind: "pin", concept: 2, pinned: false },
  { kind: "outliers", strategy: "membership", threshold: 0 },
  { kind: "recut", minConceptSize: 5, method: "leaf", reduceOutliers: "none" },
];

/** Names and contents of all files. */
async function bytesOf(target: string): Promise<string> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashes = files.sort().map(async (file) => {
    return `${file} ${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")}`;
  });
  return (await Promise.all(hashes)).join("\n");
}

let folder: string;
let base: FittedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shaped-"));
  base = await sixConcepts();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a shaped model on disk", () => {
  it("is the same after every edit, saved and loaded in between", async () => {
    const target = join(folder, "every.concept");
    await saveModel(base, target);
    let model = await loadModel(target, knownStages());
    for (const request of requests) {
      const shaped = await edited(model, request);
      assertSound(shaped);
      await saveModel(shaped, target);
      model = await loadModel(target, knownStages());
      expect(plainParts(model), request.kind).toEqual(plainParts(shaped));
    }
    expect(model.shaping?.edits).toHaveLength(requests.length);
    expect(plainParts(model.shaping!.base)).toEqual(plainParts(base));
  });

  it("is undone to the bytes of the folder after any sequence of edits, loaded anew for each", async () => {
    const target = join(folder, "any.concept");
    await saveModel(base, target);
    const before = await bytesOf(target);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: 1, maxLength: 5 }), async (drawn) => {
        const states = [before];
        for (const each of drawn) {
          const model = await ConceptModel.load(target);
          if (model.fitted.concepts.length === 0) break;
          const edit = await model.edit(requestFor(model.fitted, each)).catch((error: unknown) => error);
          if (edit instanceof InputError) continue;
          if (edit instanceof Error) throw edit;
          await model.saveEdits();
          expect(plainParts((await ConceptModel.load(target)).fitted)).toEqual(plainParts(model.fitted));
          states.push(await bytesOf(target));
          made++;
        }
        while (states.length > 1) {
          expect(await bytesOf(target)).toBe(states.pop());
          const model = await ConceptModel.load(target);
          expect(model.undo()).not.toBeNull();
          await model.saveEdits();
        }
        expect(await bytesOf(target)).toBe(before);
      }),
      { numRuns: 8 },
    );
    expect(made).toBeGreaterThan(0);
  }, 60_000);

  it("is shaped through the class, with only the log written, and guarded against others", async () => {
    const target = join(folder, "class.concept");
    const fresh = new ConceptModel({ minConceptSize: 15 });
    await fresh.fit([], {
      imageEmbeddings: base.imageVectors,
      docs: GROUP_NAMES,
      docEmbeddings: base.vocabulary!.vectors,
    });
    await expect(fresh.saveEdits()).rejects.toEqual(expect.objectContaining({ code: "NOT_SAVED" }));
    await fresh.save(target);
    const [first, second] = [await ConceptModel.load(target), await ConceptModel.load(target)];
    await first.edit({ kind: "rename", concept: 0, name: "one" });
    await first.recut({ concepts: 4 });
    await first.saveEdits();
    await second.edit({ kind: "rename", concept: 0, name: "two" });
    await expect(second.saveEdits()).rejects.toEqual(expect.objectContaining({ code: "EDITED_ELSEWHERE" }));
    const third = await ConceptModel.load(target);
    expect(third.edits).toHaveLength(2);
    expect(third.fitted.concepts).toEqual(first.fitted.concepts);
    expect(third.fitted.concepts).toHaveLength(4);
    expect(third.undo()?.kind).toBe("recut");
    await third.saveEdits();
    expect((await ConceptModel.load(target)).fitted.concepts[0]!.name).toBe("one");
    expect(third.undo()?.kind).toBe("rename");
    expect(third.undo()).toBeNull();
    await third.saveEdits();
    expect((await ConceptModel.load(target)).edits).toEqual([]);
    expect(third.outlierShare).toBeCloseTo(
      third.fitted.images.concepts.filter((id) => id === -1).length / base.images.paths.length,
      10,
    );
  });
});
