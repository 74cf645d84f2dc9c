import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FittedModel } from "../../../src/core/model.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { registered, sampleModel } from "./sample-model.ts";

let folder: string;
let model: FittedModel;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "proven-words-"));
  model = await sampleModel();
});
afterAll(() => rm(folder, { recursive: true }));

/** The sample with the given proof for every word. */
function withProof(proof: { readonly auc?: number; readonly precision?: number }): FittedModel {
  const concepts = model.concepts.map((concept) => ({
    ...concept,
    words: concept.words.map(({ word, score }) => ({ word, score, ...proof })),
  }));
  return { ...model, concepts };
}

describe("proofs of words in a saved model", () => {
  it("come back as they were, and are not there where words were not put to the test", async () => {
    const proven = withProof({ auc: 0.875, precision: 0.25 });
    await saveModel(proven, folder);
    expect((await loadModel(folder, registered)).concepts).toEqual(proven.concepts);
    await saveModel(withProof({}), folder);
    expect((await loadModel(folder, registered)).concepts).toEqual(withProof({}).concepts);
  });

  it.each([
    { auc: 1.5, precision: 0.5 },
    { auc: 0.5, precision: -1 },
    { auc: Number.NaN, precision: 0 },
  ])("are refused when they are no shares: %j", async (forged) => {
    await saveModel(withProof(forged), folder);
    await expect(loadModel(folder, registered)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });
});
