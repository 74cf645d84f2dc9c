import { createHash } from "node:crypto";
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { type Matrix, zeros } from "../../../src/core/math/matrix.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { type Manifest, readManifest, writeManifest } from "../../../src/node/saved-model/manifest.ts";
import { conceptColumns, imageColumns, treeColumns } from "../../../src/node/saved-model/model-layout.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { readTable, type TableColumns, writeTable } from "../../../src/node/saved-model/table.ts";
import { mutated } from "../../core/format/mutations.ts";
import { registered, sampleModel } from "./sample-model.ts";

const files = [
  "model.json",
  "images.parquet",
  "concepts.parquet",
  "words.parquet",
  "tree.parquet",
  "vectors/images.npy",
  "vectors/concepts.npy",
  "vectors/words.npy",
  "reducer/layout.npy",
  "reducer/scales.npy",
  "map/layout.npy",
  "clusterer/labels.npy",
  "clusterer/linkageDistance.npy",
];

let root: string;
let whole: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "damaged-model-"));
  whole = join(root, "whole");
  await saveModel(await sampleModel(), whole);
});
beforeEach(async () => {
  folder = join(root, "copy");
  await rm(folder, { recursive: true, force: true });
  await cp(whole, folder, { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

async function refused(...found: readonly string[]): Promise<void> {
  const error = await loadModel(folder, registered).then(
    () => new Error("it was loaded"),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).code).toBe("BAD_MODEL");
  expect(error.message.split("\n").length).toBeLessThanOrEqual(2);
  for (const text of found) expect(error.message).toContain(text);
}

/** Changes the manifest and, where given, files, with every hash right again: what a stranger could do. */
async function forge(
  change: (manifest: Manifest) => Manifest,
  contents: { readonly [file: string]: Uint8Array } = {},
): Promise<void> {
  const manifest = readManifest(await readFile(join(folder, "model.json"), "utf8"));
  const entries = Object.entries(contents).map(([file, bytes]) => {
    return [file, { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }] as const;
  });
  for (const [file, bytes] of Object.entries(contents)) await writeFile(join(folder, file), bytes);
  const changed = change({ ...manifest, files: { ...manifest.files, ...Object.fromEntries(entries) } });
  await writeFile(join(folder, "model.json"), writeManifest(changed));
}
const same = (manifest: Manifest): Manifest => manifest;

/** A table of the model with one value of a column set. */
async function forgedTable<Columns extends TableColumns>(
  file: string,
  columns: Columns,
  rows: number,
  change: (table: { [name: string]: unknown[] }) => void,
): Promise<{ [file: string]: Uint8Array }> {
  const table = readTable(new Uint8Array(await readFile(join(folder, file))), columns, rows);
  const loose = Object.fromEntries(
    Object.entries(table).map(([name, column]) => [name, Array.from<unknown>(column as ArrayLike<unknown>)]),
  );
  change(loose);
  return { [file]: writeTable(columns, loose as never) };
}

describe("a damaged file", () => {
  test.each(files)("%s", async (file) => {
    const path = join(folder, file);
    const bytes = await readFile(path);
    for (const at of [0, bytes.length >> 1, bytes.length - 2]) {
      await writeFile(
        path,
        bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      );
      await refused(file);
    }
    await truncate(path, bytes.length - 1);
    await refused(file);
    await truncate(path, 0);
    await refused(file);
    await unlink(path);
    await refused(file, "no such file");
    await copyFile(join(folder, files[(files.indexOf(file) + 1) % files.length]!), path);
    await refused(file);
    await rm(path);
    await mkdir(path);
    await refused(file, "plain file");
  });

  test("a link in place of a file or a folder", async () => {
    await rename(join(folder, "images.parquet"), join(root, "elsewhere.parquet"));
    await symlink(join(root, "elsewhere.parquet"), join(folder, "images.parquet"));
    await refused("images.parquet", "a link");
    await rename(join(root, "elsewhere.parquet"), join(root, "copy", "images.parquet"));
    await rename(join(folder, "vectors"), join(root, "vectors"));
    await symlink(join(root, "vectors"), join(folder, "vectors"));
    await refused("vectors/images.npy", "a link");
  });

  test("vectors of another model", async () => {
    await saveModel(await sampleModel(2), join(root, "other"));
    await copyFile(join(root, "other", "vectors/images.npy"), join(folder, "vectors/images.npy"));
    await refused("vectors/images.npy");
  });
});

describe("a forged model.json", () => {
  test("edited without its checksum, another format, a later version", async () => {
    const text = await readFile(join(folder, "model.json"), "utf8");
    await writeFile(join(folder, "model.json"), text.replace('"diversity": 0.3', '"diversity": 0.4'));
    await refused("edited or torn");
    await writeFile(join(folder, "model.json"), text.replace('"conceptmodel"', '"other"'));
    await refused("another format");
    await writeFile(join(folder, "model.json"), text.replace('"formatVersion": 1', '"formatVersion": 2'));
    await refused("version 2", "update the package");
    for (const other of ["", "null", "[]", "7", "{}", text.slice(0, 500)]) {
      await writeFile(join(folder, "model.json"), other);
      await refused("model.json");
    }
  });

  const forgeries: readonly [string, (manifest: Manifest) => unknown][] = [
    ["more images", (m) => ({ ...m, counts: { ...m.counts, images: 61 } })],
    ["a million images", (m) => ({ ...m, counts: { ...m.counts, images: 1e15 } })],
    ["fewer dimensions", (m) => ({ ...m, counts: { ...m.counts, dimensions: 4 } })],
    ["no dimensions", (m) => ({ ...m, counts: { ...m.counts, dimensions: 0 } })],
    ["more concepts", (m) => ({ ...m, counts: { ...m.counts, concepts: 4 } })],
    ["fewer words", (m) => ({ ...m, counts: { ...m.counts, words: 2 } })],
    ["no words", (m) => ({ ...m, counts: { ...m.counts, words: null } })],
    ["no tree", (m) => ({ ...m, counts: { ...m.counts, treeRows: null } })],
    ["a tree of a trillion rows", (m) => ({ ...m, counts: { ...m.counts, treeRows: 1e12 } })],
    ["a negative count", (m) => ({ ...m, counts: { ...m.counts, images: -1 } })],
    ["a label twice", (m) => ({ ...m, conceptOfLabel: [0, 0, 1] })],
    ["a label too many", (m) => ({ ...m, conceptOfLabel: [0, 1, 2, 3] })],
    ["a label out of range", (m) => ({ ...m, conceptOfLabel: [0, 1, 3] })],
    ["a path as file", (m) => ({ ...m, files: { ...m.files, "../secret": { bytes: 1, sha256: "" } } })],
    [
      "a path as array",
      (m) => ({
        ...m,
        stages: { ...m.stages, reducer: { ...m.stages.reducer, arrays: ["../vectors/images"] } },
      }),
    ],
    [
      "an unknown reducer",
      (m) => ({ ...m, stages: { ...m.stages, reducer: { ...m.stages.reducer, kind: "evil" } } }),
    ],
    [
      "a missing array",
      (m) => ({ ...m, stages: { ...m.stages, reducer: { ...m.stages.reducer, arrays: ["layout"] } } }),
    ],
    [
      "a missing parameter",
      (m) => ({ ...m, stages: { ...m.stages, clusterer: { ...m.stages.clusterer, params: {} } } }),
    ],
    ["a missing embedder", ({ embedder: _, ...m }) => m],
    ["a wrong parameter", (m) => ({ ...m, parameters: { ...m.parameters, diversity: 7 } })],
    ["a wrong scoring", (m) => ({ ...m, parameters: { ...m.parameters, wordScoring: "none" } })],
    [
      "a length of the wrong kind",
      (m) => ({ ...m, files: { ...m.files, "images.parquet": { bytes: "9", sha256: "" } } }),
    ],
  ];
  test.each(forgeries)("%s", async (_, change) => {
    await forge(change as (manifest: Manifest) => Manifest);
    await refused();
  });
});

describe("forged content with right hashes", () => {
  const images = (change: (table: { [name: string]: unknown[] }) => void) =>
    forgedTable("images.parquet", imageColumns, 60, change);
  const concepts = (change: (table: { [name: string]: unknown[] }) => void) =>
    forgedTable("concepts.parquet", conceptColumns, 3, change);
  const set = (name: string, value: unknown) => (table: { [name: string]: unknown[] }) => {
    table[name]![1] = value;
  };

  test.each([
    ["path", "../../etc/passwd"],
    ["path", "/etc/passwd"],
    ["path", "a\0b"],
    ["id", ""],
    ["bytes", -1],
    ["concept", 3],
    ["concept", -2],
    ["probability", 1.5],
    ["probability", Number.NaN],
    ["x", Number.POSITIVE_INFINITY],
  ])("images.parquet: %s %s", async (name, value) => {
    await forge(same, await images(set(name, value)));
    await refused("images.parquet", "row 1");
  });

  test.each([
    ["id", 2],
    ["size", 1],
    ["exemplars", []],
    ["exemplars", [60]],
    ["exemplars", [-1]],
    ["exemplar_paths", ["other.jpg"]],
    ["scores", []],
    ["scores", [Number.NaN]],
  ])("concepts.parquet: %s %j", async (name, value) => {
    await forge(same, await concepts(set(name, value)));
    await refused("concepts.parquet", "row 1");
  });

  test("a table of other rows or columns", async () => {
    const short = await images((table) => {
      for (const column of Object.values(table)) column.pop();
    });
    await forge(same, short);
    await refused("images.parquet", "59 rows");
    await forge(same, { "images.parquet": await readFile(join(folder, "concepts.parquet")) });
    await refused("images.parquet", "other columns");
  });

  test("arrays of other shapes and types", async () => {
    const matrixOf = (rows: number, cols: number): Matrix => zeros(rows, cols);
    await forge(same, { "vectors/images.npy": writeNpy(matrixOf(60, 4)) });
    await refused("vectors/images.npy", "(60, 4)");
    await forge(same, { "vectors/images.npy": writeNpy(new Float64Array(480)) });
    await refused("vectors/images.npy", "float64");
    const broken = matrixOf(60, 8);
    broken.data[9] = Number.NaN;
    await forge(same, { "vectors/images.npy": writeNpy(broken) });
    await refused("vectors/images.npy", "NaN in row 1");
  });

  test("a layout or labels of other lengths", async () => {
    await forge(same, { "map/layout.npy": writeNpy(new Float32Array(2 * 59)) });
    await refused("map/");
    await cp(join(whole, "map"), join(folder, "map"), { recursive: true });
    await forge(same, { "map/layout.npy": await readFile(join(whole, "map/layout.npy")) });
    await forge(same, { "clusterer/labels.npy": writeNpy(new Int32Array(60).fill(9)) });
    await refused("clusterer/");
    await forge(same, { "clusterer/labels.npy": writeNpy(zeros(6, 10)) });
    await refused("clusterer/labels.npy", "(6, 10)");
  });

  test("a map of 3 dimensions", async () => {
    const layout = await readFile(join(folder, "reducer/layout.npy"));
    const scales = await readFile(join(folder, "reducer/scales.npy"));
    await forge(same, { "map/layout.npy": layout, "map/scales.npy": scales });
    await refused("map/", "2 dimensions");
  });

  test("a tree that is none", async () => {
    const rows = Number(readManifest(await readFile(join(folder, "model.json"), "utf8")).counts.treeRows);
    await forge(
      same,
      await forgedTable("tree.parquet", treeColumns, rows, (table) => {
        table["parent"]!.fill(-5);
      }),
    );
    await refused("clusterer/");
  });
});

test("a mutated model never loads as another one", async () => {
  const text = await readFile(join(whole, "model.json"));
  await fc.assert(
    fc.asyncProperty(mutated(new Uint8Array(text)), async (mutant) => {
      await writeFile(join(folder, "model.json"), mutant);
      const loaded = await loadModel(folder, registered).catch((error: unknown) => error);
      if (loaded instanceof FormatError) return;
      // Blanks and line feeds are all that may differ.
      expect(readManifest(new TextDecoder().decode(mutant))).toEqual(readManifest(text.toString()));
    }),
    { numRuns: 200 },
  );
});
