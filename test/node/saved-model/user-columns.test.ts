import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COLUMN_LIMITS } from "../../../src/core/image-columns.ts";
import type { FittedModel, ImageColumn } from "../../../src/core/model.ts";
import { imageTableColumns } from "../../../src/node/saved-model/image-table.ts";
import { loadModel } from "../../../src/node/saved-model/load-model.ts";
import { type Manifest, readManifest, writeManifest } from "../../../src/node/saved-model/manifest.ts";
import { saveModel } from "../../../src/node/saved-model/save-model.ts";
import { readTable, writeTable } from "../../../src/node/saved-model/table.ts";
import { registered, sampleModel } from "./sample-model.ts";

const ROWS = 60;
let folder: string;
let bare: FittedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "user-columns-"));
  bare = await sampleModel();
});
afterAll(() => rm(folder, { recursive: true }));

function withColumns(
  columns: readonly ImageColumn[],
  captions: FittedModel["images"]["captions"] = null,
): FittedModel {
  return { ...bare, images: { ...bare.images, columns, captions } };
}

const CAMERA: ImageColumn = {
  name: "camera",
  type: "text",
  values: Array.from({ length: ROWS }, (_, i) => (i % 4 === 0 ? "" : `Größe ${i}`)),
};
const STARS: ImageColumn = {
  name: "x",
  type: "number",
  values: Float64Array.from({ length: ROWS }, (_, i) => (i % 3 === 0 ? Number.NaN : i / 7 - 2)),
};
const TAKEN: ImageColumn = {
  name: "date",
  type: "date",
  values: Float64Array.from({ length: ROWS }, (_, i) => (i < 5 ? Number.NaN : (i - 30) * 86_400_123)),
};
const CAPTIONS = Array.from({ length: ROWS }, (_, i) =>
  Array.from({ length: i % 3 }, (_, k) => `a ${k} 猫 ${i}`),
);

async function reloaded(model: FittedModel): Promise<FittedModel["images"]> {
  await saveModel(model, join(folder, "model"));
  return (await loadModel(join(folder, "model"), registered)).images;
}

describe("columns and captions", () => {
  test("come back as they were, under names of the user's own that are also ours", async () => {
    const model = withColumns([CAMERA, STARS, TAKEN], CAPTIONS);
    expect(await reloaded(model)).toStrictEqual(model.images);
  });

  test("are typed columns with nulls for other programs", async () => {
    await saveModel(withColumns([CAMERA, STARS, TAKEN], CAPTIONS), join(folder, "model"));
    const bytes = await readFile(join(folder, "model", "images.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows[0]).toMatchObject({ captions: [], user_camera: "", user_x: null, user_date: null });
    expect(rows[31]).toMatchObject({
      captions: ["a 0 猫 31"],
      user_camera: "Größe 31",
      user_x: 31 / 7 - 2,
      user_date: new Date(86_400_123),
    });
    expect(rows[31]!["x"]).toBe(bare.images.map.data[62]);
  });

  test("whatever they hold", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    const date = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -8.64e15, max: 8.64e15 }));
    const rowsOf = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: ROWS, maxLength: ROWS });
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 15 });
    const plain = { noNullPrototype: true } as const;
    const column: fc.Arbitrary<ImageColumn> = fc.oneof(
      fc.record({ name, type: fc.constant("text" as const), values: rowsOf(text) }, plain),
      fc.record(
        {
          name,
          type: fc.constant("number" as const),
          values: rowsOf(fc.double()).map((v) => Float64Array.from(v)),
        },
        plain,
      ),
      fc.record(
        {
          name,
          type: fc.constant("date" as const),
          values: rowsOf(date).map((v) => Float64Array.from(v)),
        },
        plain,
      ),
    );
    const columns = fc.uniqueArray(column, { maxLength: 5, selector: (one) => one.name });
    const captions = fc.option(rowsOf(fc.array(fc.string({ minLength: 1, maxLength: 9 }), { maxLength: 3 })));
    await fc.assert(
      fc.asyncProperty(columns, captions, async (some, texts) => {
        const model = withColumns(some, texts);
        expect(await reloaded(model)).toStrictEqual(model.images);
      }),
      { numRuns: 30 },
    );
  });

  test("as many and as long as allowed can be read again", async () => {
    const columns = Array.from({ length: COLUMN_LIMITS.columns }, (_, i): ImageColumn => {
      const name = `${i} `.padEnd(COLUMN_LIMITS.name, "猫");
      return i % 2 === 0 ? { ...CAMERA, name } : { ...TAKEN, name };
    });
    const model = withColumns(columns, CAPTIONS);
    expect(await reloaded(model)).toStrictEqual(model.images);
  });

  test("beyond the bounds are refused before they are written", async () => {
    const many = Array.from({ length: COLUMN_LIMITS.columns + 1 }, (_, i) => ({ ...CAMERA, name: `${i}` }));
    const bad: [string, FittedModel][] = [
      ["at most 64 columns", withColumns(many)],
      ["distinct names", withColumns([CAMERA, STARS, CAMERA])],
      ["a name of 1", withColumns([{ ...CAMERA, name: "" }])],
      ["a name of 1", withColumns([{ ...CAMERA, name: "n".repeat(65) }])],
      ["a name of 1", withColumns([{ ...CAMERA, name: "\ud800" }])],
      ["60 values", withColumns([{ ...STARS, values: new Float64Array(59) }])],
      ["10000 characters", withColumns([{ ...CAMERA, values: Array(ROWS).fill("y".repeat(10_001)) }])],
      ["whole milliseconds", withColumns([{ ...TAKEN, values: new Float64Array(ROWS).fill(0.5) }])],
      ["captions for 60", withColumns([], [["one"]])],
      ["row 0", withColumns([], Array(ROWS).fill([""]))],
    ];
    for (const [message, model] of bad) {
      await expect(saveModel(model, join(folder, "never"))).rejects.toThrow(message);
    }
  });
});

describe("a saved model", () => {
  /** Changes manifest and table of images with every hash right again. */
  async function forge(
    change: (manifest: Manifest) => object,
    table?: Uint8Array,
  ): Promise<Promise<unknown>> {
    const path = join(folder, "model", "model.json");
    const manifest = readManifest(await readFile(path, "utf8"));
    let files = manifest.files;
    if (table !== undefined) {
      const sha256 = createHash("sha256").update(table).digest("hex");
      files = { ...files, "images.parquet": { bytes: table.length, sha256 } };
      await writeFile(join(folder, "model", "images.parquet"), table);
    }
    await writeFile(path, writeManifest(change({ ...manifest, files }) as Manifest));
    return loadModel(join(folder, "model"), registered);
  }

  async function changedTable(change: (table: Record<string, unknown[]>) => void): Promise<Uint8Array> {
    const manifest = readManifest(await readFile(join(folder, "model", "model.json"), "utf8"));
    const columns = imageTableColumns(manifest);
    const bytes = new Uint8Array(await readFile(join(folder, "model", "images.parquet")));
    const table = readTable(bytes, columns, ROWS);
    const loose = Object.fromEntries(
      Object.entries(table).map(([name, values]) => [
        name,
        Array.from<unknown>(values as ArrayLike<unknown>),
      ]),
    );
    change(loose);
    return writeTable(columns, loose as never);
  }

  test("of before there were columns loads", async () => {
    await saveModel(bare, join(folder, "model"));
    const loaded = await forge(({ userColumns: _, captions: __, ...rest }) => rest);
    expect((loaded as FittedModel).images).toStrictEqual(bare.images);
  });

  test("with forged columns is refused", async () => {
    const model = withColumns([CAMERA, TAKEN], CAPTIONS);
    const forgeries: ((manifest: Manifest) => object)[] = [
      (m) => ({ ...m, userColumns: [] }),
      (m) => ({ ...m, captions: false }),
      (m) => ({ ...m, captions: "yes" }),
      (m) => ({ ...m, userColumns: [...m.userColumns].reverse() }),
      (m) => ({ ...m, userColumns: [m.userColumns[0], m.userColumns[0]] }),
      (m) => ({ ...m, userColumns: m.userColumns.map((one) => ({ ...one, type: "number" })) }),
      (m) => ({ ...m, userColumns: m.userColumns.map((one) => ({ ...one, type: "object" })) }),
      (m) => ({ ...m, userColumns: [...m.userColumns, { name: "more", type: "text" }] }),
      (m) => ({
        ...m,
        userColumns: Array.from({ length: 5000 }, (_, i) => ({ name: `${i}`, type: "text" })),
      }),
    ];
    for (const forgery of forgeries) {
      await saveModel(model, join(folder, "model"));
      await expect(forge(forgery)).rejects.toMatchObject({ code: "BAD_MODEL" });
    }
  });

  test("with forged values is refused", async () => {
    const changes: ((table: Record<string, unknown[]>) => void)[] = [
      (table) => table["captions"]!.splice(4, 1, [""]),
      (table) => table["captions"]!.splice(4, 1, ["y".repeat(10_001)]),
      (table) => table["captions"]!.splice(4, 1, Array(65).fill("y")),
      (table) => table["user_camera"]!.splice(4, 1, "y".repeat(10_001)),
      (table) => table["user_date"]!.splice(4, 1, 9e15),
    ];
    for (const change of changes) {
      await saveModel(withColumns([CAMERA, TAKEN], CAPTIONS), join(folder, "model"));
      const table = await changedTable(change);
      await expect(forge((manifest) => manifest, table)).rejects.toMatchObject({ code: "BAD_MODEL" });
    }
  });
});
