import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stackRows } from "../../../src/core/math/matrix.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { groupedVectors } from "../../support/collections.ts";

const folder = path.join(tmpdir(), `collapsed-model-${process.pid}`);
afterAll(() => rm(folder, { recursive: true, force: true }));

const vectors = stackRows(
  [
    groupedVectors({ groups: 4, perGroup: 30, spread: 0.5 }).vectors,
    groupedVectors({ groups: 1, perGroup: 25, spread: 0.03, seed: 5 }).vectors,
  ],
  32,
);

describe("a model whose near-duplicates were collapsed", () => {
  it("is saved and loaded whole, and says with which threshold", async () => {
    const model = new ConceptModel({ minConceptSize: 10, collapseDuplicates: true });
    await model.fit([], { imageEmbeddings: vectors });
    await model.save(folder);
    const loaded = await ConceptModel.load(folder);
    expect(loaded.fitted.images.concepts).toEqual(model.fitted.images.concepts);
    expect(loaded.fitted.parameters).toEqual(model.fitted.parameters);
    const fresh = groupedVectors({ groups: 4, perGroup: 31, spread: 0.5 }).vectors;
    expect(await loaded.assignVectors(fresh)).toEqual(await model.assignVectors(fresh));
    const manifest = JSON.parse(await readFile(path.join(folder, "model.json"), "utf8"));
    expect(manifest.parameters.collapseDuplicates).toBe(model.fitted.parameters.collapseDuplicates);
    expect(manifest.stages.reducer.kind).toBe("collapsed-umap");
  });

  it("leaves no trace of the option in a model that was fitted without it", async () => {
    const model = new ConceptModel({ minConceptSize: 10 });
    await model.fit([], { imageEmbeddings: vectors });
    await model.save(folder);
    expect(await readFile(path.join(folder, "model.json"), "utf8")).not.toContain("collapse");
    expect((await ConceptModel.load(folder)).fitted.parameters.collapseDuplicates).toBeUndefined();
  });
});
