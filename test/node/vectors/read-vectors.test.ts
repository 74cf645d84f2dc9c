import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { writeNpy } from "../../../src/core/format/npy.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { readVectors } from "../../../src/node/vectors/read-vectors.ts";
import { fixture, fixtureNames, fixtureValues } from "../../core/format/fixtures.ts";

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0];
type Schema = NonNullable<WriteOptions["schema"]>;

const vectors = matrix(fixtureValues, 4, 3);
const rows = Array.from({ length: 4 }, (_, i) => [...fixtureValues.subarray(3 * i, 3 * i + 3)]);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-vectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function listColumn(name: string, type: "FLOAT" | "DOUBLE", optional = false): Schema {
  const repetition_type = optional ? "OPTIONAL" : "REQUIRED";
  return [
    { name, num_children: 1, converted_type: "LIST", repetition_type },
    { name: "list", num_children: 1, repetition_type: "REPEATED" },
    { name: "element", type, repetition_type },
  ];
}

function textColumn(name: string): Schema {
  return [{ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" }];
}

function parquet(
  columns: readonly { schema: Schema; data: unknown[] }[],
  options: Partial<WriteOptions> = {},
): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ schema, data }) => ({ name: schema[0]!.name, data })),
      schema: [{ name: "root", num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)],
      ...options,
    }),
  );
}

describe("each format", () => {
  test(".npy, JSON and pickle, whatever the file is called", async () => {
    const json = JSON.stringify({ names: fixtureNames, vectors: rows });
    expect(await readVectors(await file("a.npy", writeNpy(vectors)))).toEqual({ vectors, names: null });
    expect(await readVectors(await file("a.json", json))).toEqual({ vectors, names: fixtureNames });
    expect(await readVectors(await file("a.pkl", fixture("tuple-4.pkl")))).toEqual({
      vectors,
      names: fixtureNames,
    });
    expect(await readVectors(await file("b.txt", fixture("tuple-2.pkl")))).toEqual({
      vectors,
      names: fixtureNames,
    });
    expect(await readVectors(await file("b", json))).toEqual({ vectors, names: fixtureNames });
  });

  test.each(["embedding", "vectors", "anything"])("Parquet with a column %s", async (name) => {
    const bytes = parquet([
      { schema: textColumn("path"), data: [...fixtureNames] },
      { schema: listColumn(name, "FLOAT", true), data: rows },
    ]);
    expect(await readVectors(await file("a.parquet", bytes))).toEqual({ vectors, names: fixtureNames });
  });

  test("Parquet in many row groups and pages, doubles, no names", async () => {
    const many = Array.from({ length: 500 }, (_, i) => [i, i / 2, -i]);
    const bytes = parquet([{ schema: listColumn("vector", "DOUBLE"), data: many }], {
      rowGroupSize: 70,
      pageSize: 400,
    });
    const read = await readVectors(await file("many.parquet", bytes));
    expect(read).toEqual({ vectors: matrix(Float32Array.from(many.flat()), 500, 3), names: null });
  });

  test.each([
    ["UNCOMPRESSED", undefined],
    ["GZIP", gzipSync],
    ["BROTLI", brotliCompressSync],
  ] as const)("Parquet compressed with %s", async (codec, compress) => {
    const compressors =
      compress === undefined ? {} : { [codec]: (page: Uint8Array) => new Uint8Array(compress(page)) };
    const bytes = parquet([{ schema: listColumn("vector", "FLOAT"), data: rows }], { codec, compressors });
    expect((await readVectors(await file("codec.parquet", bytes))).vectors).toEqual(vectors);
  });

  test("Parquet with integer ids as names", async () => {
    const bytes = parquet([
      { schema: [{ name: "id", type: "INT64", repetition_type: "REQUIRED" }], data: [5n, 6n, 7n, 8n] },
      { schema: listColumn("vector", "FLOAT"), data: rows },
    ]);
    expect((await readVectors(await file("ids.parquet", bytes))).names).toEqual(["5", "6", "7", "8"]);
  });
});

describe("refusing", () => {
  const lists = (name: string, data: unknown[]) => ({ schema: listColumn(name, "FLOAT", true), data });

  test.each([
    ["no list column", parquet([{ schema: textColumn("path"), data: ["a"] }]), "columns path"],
    ["two list columns", parquet([lists("a", [[1]]), lists("b", [[1]])]), "several: a, b"],
    ["ragged rows", parquet([lists("vector", [[1, 2], [3]])]), "1 numbers in row 1, 2 in row 0"],
    ["a null vector", parquet([lists("vector", [[1, 2], null])]), "0 numbers in row 1"],
    [
      "a null number",
      parquet([
        lists("vector", [
          [1, 2],
          [3, null],
        ]),
      ]),
      "row 1, column 1",
    ],
    [
      "a null name",
      parquet([{ schema: textColumn("path"), data: ["a", null] }, lists("v", [[1], [2]])]),
      "no name in row 1",
    ],
    [
      "NaN",
      parquet([
        lists("vector", [
          [1, 2],
          [Number.NaN, 4],
        ]),
      ]),
      "NaN in row 1, column 0",
    ],
    ["no rows", parquet([lists("vector", [])]), "0 x 0 values"],
    ["half a file", parquet([lists("vector", rows)]).slice(0, 60), "footer"],
  ])("Parquet with %s", async (_, bytes, found) => {
    const reading = readVectors(await file("bad.parquet", bytes));
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(found);
  });

  test.each([
    ["NaN", writeNpy(matrix(Float32Array.of(0, 1, 2, Number.NaN), 2, 2)), "NaN in row 1, column 1"],
    [
      "an infinity",
      writeNpy(matrix(Float32Array.of(0, Number.NEGATIVE_INFINITY), 2, 1)),
      "-Infinity in row 1, column 0",
    ],
    ["no rows", writeNpy(matrix(new Float32Array(0), 0, 4)), "0 x 4 values"],
    ["a zip archive", "PK\u0003\u0004", "a zip archive"],
    ["an empty file", "", "0 bytes of something else"],
    ["an evil pickle", fixture("evil-system-4.pkl"), "refused: posix.system"],
  ])("%s", async (_, content, found) => {
    const reading = readVectors(await file("bad.bin", content));
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(found);
    await expect(reading).rejects.toThrow(/^[^\n]*(\n[^\n]*)?$/);
  });

  test("a missing file and a folder", async () => {
    await expect(readVectors(join(folder, "none.npy"))).rejects.toThrow("no such file");
    await expect(readVectors(folder)).rejects.toThrow(FormatError);
  });
});
