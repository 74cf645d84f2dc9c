import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { knownStages } from "../../../src/core/defaults.ts";
import { membershipsOf } from "../../../src/core/edits/memberships.ts";
import { conceptHierarchy } from "../../../src/core/hierarchy/concept-hierarchy.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { hierarchyColumns, membershipColumns } from "../../../src/node/saved-model/model-layout.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { readTable } from "../../../src/node/saved-model/table.ts";
import { sixConcepts } from "../../core/edits/shaped-models.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "derived-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("a saved model has soft memberships and the hierarchy as tables for other programs", async () => {
  const model = await sixConcepts();
  const target = join(folder, "six.concept");
  await saveModel(model, target);
  const memberships = await membershipsOf(model);
  const rows = memberships.concepts.length;
  const saved = readTable(await readFile(join(target, "memberships.parquet")), membershipColumns, rows);
  expect(saved.concept).toEqual(memberships.concepts);
  expect(saved.strength).toEqual(memberships.strengths);
  saved.image.forEach((image, i) => {
    expect(i >= memberships.offsets[image]! && i < memberships.offsets[image + 1]!).toBe(true);
  });
  const { nodes } = await conceptHierarchy(model, { kernels: referenceKernels });
  const tree = readTable(await readFile(join(target, "hierarchy.parquet")), hierarchyColumns, nodes.length);
  expect([...tree.parent]).toEqual(nodes.map(({ parent }) => parent));
  expect(tree.name).toEqual(nodes.map(({ name }) => name));
  expect(tree.exemplars).toEqual(nodes.map(({ exemplars }) => exemplars));
  expect((await loadModel(target, knownStages())).concepts).toEqual(model.concepts);
  // They are held to their hashes like all files, and replaced with the model.
  await writeFile(join(target, "hierarchy.parquet"), "something else");
  await expect(loadModel(target, knownStages())).rejects.toThrow("hierarchy.parquet");
  await saveModel(model, target);
  expect(await readdir(target)).toContain("memberships.parquet");
});
