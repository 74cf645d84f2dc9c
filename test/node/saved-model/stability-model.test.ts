import { mkdtemp, readFile, rm } from "node:fs/promises";
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
  folder = await mkdtemp(path.join(tmpdir(), "stability-model-"));
  model = await sampleModel();
});
afterAll(() => rm(folder, { recursive: true }));

describe("stability in a saved model", () => {
  it("comes back as it was, and is not there where it was not measured", async () => {
    const stability = { runs: 7, share: 0.8, seed: 3, jaccards: Float64Array.of(0.9, 1, 0) };
    await saveModel({ ...model, stability }, folder);
    expect((await loadModel(folder, registered)).stability).toEqual(stability);
    await saveModel(model, folder);
    expect((await loadModel(folder, registered)).stability).toBeUndefined();
    expect(await readFile(path.join(folder, "model.json"), "utf8")).not.toContain("stability");
  });

  it.each([
    ["a number above one", { jaccards: Float64Array.of(0.9, 1.01, 0) }],
    ["no number", { jaccards: Float64Array.of(0.9, Number.NaN, 0) }],
    ["a share above one", { share: 2 }],
    ["no runs", { runs: 0 }],
  ])("is refused when it is %s", async (_, forged) => {
    const stability = { runs: 7, share: 0.8, seed: 3, jaccards: Float64Array.of(0.9, 1, 0), ...forged };
    await saveModel({ ...model, stability }, folder);
    await expect(loadModel(folder, registered)).rejects.toMatchObject({ code: "BAD_MODEL" });
  });
});
