import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FormatError, InputError } from "../../../src/core/errors.ts";
import { npyMatrix } from "../../../src/core/format/npy.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { isSafePath } from "../../../src/node/saved-model/image-paths.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { assertReplaceable, saveModel } from "../../../src/node/saved-model/save-model.ts";
import { registered, sampleModel } from "./sample-model.ts";

let folder: string;
let model: FittedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "saved-model-"));
  model = await sampleModel();
});
afterAll(() => rm(folder, { recursive: true }));

/** A model without functions: what must come back bit by bit. */
function plain(fitted: FittedModel): unknown {
  const { reducer, mapReducer, clusterer, ...data } = fitted;
  const { labels, probabilities, exemplars, clusterCount } = clusterer;
  return {
    ...data,
    reducer: { layout: reducer.layout, state: reducer.state() },
    mapReducer: { layout: mapReducer.layout, state: mapReducer.state() },
    clusterer: { labels, probabilities, exemplars, clusterCount, state: clusterer.state() },
  };
}

async function readAll(path: string): Promise<Map<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(path.length), await readFile(file, "hex")] as const),
    ),
  );
}

describe("a saved model", () => {
  test("comes back equal, bit by bit", async () => {
    expect(model.concepts.length).toBe(3);
    await saveModel(model, join(folder, "a"));
    const loaded = await loadModel(join(folder, "a"), registered);
    expect(plain(loaded)).toStrictEqual(plain(model));
  });

  test("assigns new images as the fitted one does", async () => {
    await saveModel(model, join(folder, "a"));
    const loaded = await loadModel(join(folder, "a"), registered);
    const points = (await sampleModel(7)).imageVectors;
    const context = { rng: new Rng(1), kernels: referenceKernels };
    const expected = model.clusterer.predict(await model.reducer.transform({ points }, context));
    expect(loaded.clusterer.predict(await loaded.reducer.transform({ points }, context))).toEqual(expected);
  });

  test("without words, embedder or image files", async () => {
    const bare: FittedModel = {
      ...model,
      embedder: null,
      vocabulary: null,
      images: { ...model.images, root: null, paths: model.images.paths.map((_, i) => `/any/../name ${i}`) },
    };
    await saveModel(bare, join(folder, "bare"));
    expect(plain(await loadModel(join(folder, "bare"), registered))).toStrictEqual(plain(bare));
    expect(existsSync(join(folder, "bare", "words.parquet"))).toBe(false);
  });

  test("without concepts", async () => {
    const empty = await sampleModel(1, 50);
    expect(empty.concepts).toEqual([]);
    await saveModel(empty, join(folder, "empty-model"));
    expect(plain(await loadModel(join(folder, "empty-model"), registered))).toStrictEqual(plain(empty));
  });

  test("is equal bytes for equal models", async () => {
    await saveModel(model, join(folder, "first"));
    await saveModel(await sampleModel(), join(folder, "second"));
    expect(await readAll(join(folder, "first"))).toEqual(await readAll(join(folder, "second")));
  });

  test("is tables and arrays that other programs read", async () => {
    await saveModel(model, join(folder, "a"));
    const table = async (name: string) => {
      const bytes = await readFile(join(folder, "a", name));
      return parquetReadObjects({
        file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
      });
    };
    const concepts = await table("concepts.parquet");
    expect(concepts.map((row) => ({ ...row }))).toEqual(
      model.concepts.map(({ id, name, size, words, exemplars }) => ({
        id,
        name,
        size,
        words: words.map(({ word }) => word),
        scores: words.map(({ score }) => score),
        exemplars: [...exemplars],
        exemplar_paths: [...exemplars].map((row) => model.images.paths[row]),
      })),
    );
    const images = await table("images.parquet");
    expect(images.map((row) => row["path"])).toEqual(model.images.paths);
    expect(images.map((row) => Number(row["bytes"]))).toEqual([...model.images.bytes]);
    expect((await table("tree.parquet")).length).toBe(model.clusterer.state().arrays["treeParent"]!.length);
    expect(npyMatrix(await readFile(join(folder, "a", "vectors/images.npy")))).toEqual(model.imageVectors);
  });
});

describe("replacing", () => {
  test("an earlier model, an empty folder, through a link", async () => {
    await mkdir(join(folder, "empty"));
    await saveModel(model, join(folder, "empty"));
    const other = await sampleModel(2);
    await saveModel(other, join(folder, "empty"));
    expect((await loadModel(join(folder, "empty"), registered)).parameters.seed).toBe(2);
    await symlink(join(folder, "empty"), join(folder, "link"));
    await saveModel(model, join(folder, "link"));
    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    expect((await loadModel(join(folder, "empty"), registered)).parameters.seed).toBe(1);
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("nothing but a saved model", async () => {
    const photos = join(folder, "photos");
    await mkdir(photos);
    await writeFile(join(photos, "a.jpg"), "a");
    await expect(saveModel(model, photos)).rejects.toThrow("a folder that is no saved model");
    await writeFile(join(folder, "file"), "a");
    await expect(saveModel(model, join(folder, "file"))).rejects.toThrow(InputError);
    await saveModel(model, join(folder, "mine"));
    await writeFile(join(folder, "mine", "vectors", "notes.txt"), "mine");
    await expect(saveModel(model, join(folder, "mine"))).rejects.toThrow("vectors/notes.txt");
    expect(await readFile(join(folder, "mine", "vectors", "notes.txt"), "utf8")).toBe("mine");
    await expect(assertReplaceable(join(folder, "mine"))).rejects.toThrow(InputError);
    await saveModel(model, join(folder, "kept"));
    await expect(saveModel(model, join(folder, "kept"), { overwrite: false })).rejects.toThrow(
      "found a saved model",
    );
  });

  test("never a model that could not be loaded", async () => {
    const withPath = (path: string) => ({
      ...model,
      images: { ...model.images, paths: model.images.paths.with(3, path) },
    });
    for (const path of ["../a.jpg", "/etc/passwd", "a/../../b", ""]) {
      await expect(saveModel(withPath(path), join(folder, "never"))).rejects.toThrow("in row 3");
    }
    await expect(saveModel(withPath("\ud800.jpg"), join(folder, "never"))).rejects.toThrow("not Unicode");
    expect(existsSync(join(folder, "never"))).toBe(false);
  });

  test("paths on Windows", () => {
    expect(
      ["a\\..\\b", "C:a", "C:\\a", "\\\\host\\a", "\\a"].filter((path) => isSafePath(path, "win32")),
    ).toEqual([]);
    expect(["a\\b", "a..b/c", "..a"].every((path) => isSafePath(path, "win32"))).toBe(true);
    expect(isSafePath("C:a\\..", "linux")).toBe(true);
  });
});

test("no folder, an empty folder, a file", async () => {
  await mkdir(join(folder, "nothing"));
  await writeFile(join(folder, "text"), "a");
  for (const name of ["none", "nothing", "text"]) {
    const loading = loadModel(join(folder, name), registered);
    await expect(loading).rejects.toThrow(FormatError);
    await expect(loading).rejects.toMatchObject({ code: "BAD_MODEL" });
  }
});
