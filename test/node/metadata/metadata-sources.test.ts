import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { ImageList } from "../../../src/core/pipeline.ts";
import { tableToParquet } from "../../../src/node/export-tables.ts";
import { MetadataSources } from "../../../src/node/metadata/metadata-sources.ts";
import { readPictureMetadata } from "../../../src/node/metadata/picture-metadata.ts";
import { temporaryFolder } from "../../support/command.ts";

const folder = temporaryFolder("metadata");
const paths = ["a/red-boat.jpg", "a/sea.jpg", "b/IMG_2041.jpg", "b/sea.jpg"];
const images: ImageList = {
  ids: paths.map((_, i) => `${i}`.repeat(64)),
  paths,
  root: folder,
  bytes: new Float64Array(paths.length),
};
const file = (name: string, content: string | Uint8Array): string => {
  const target = path.join(folder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
};

beforeAll(() => {
  file("a/red-boat.txt", "\uFEFFA red boat.\n\n  At sea \r\n");
  file("a/sea.jpg.txt", "only the sea");
  mkdirSync(path.join(folder, "b/sea.txt"), { recursive: true });
});

describe("captions", () => {
  test("from a table: several rows a picture, by path, name and id; others are counted", async () => {
    const table = file(
      "captions.csv",
      `file,text,stars,when\na/red-boat.jpg,a boat,5,2020-01-02\nred-boat.jpg,a red boat,1,\n${"3".repeat(64)},"the sea, again",,2021-03-04\nsea.jpg,which?,,\nnone.jpg,gone,,\n`,
    );
    const sources = await MetadataSources.open({ captions: [table] });
    const { captions, columns, report } = await sources.gather(images);
    expect(captions).toEqual([["a boat", "a red boat"], [], [], ["the sea, again"]]);
    expect(columns).toEqual([
      { name: "stars", type: "number", values: Float64Array.of(5, Number.NaN, Number.NaN, Number.NaN) },
      {
        name: "when",
        type: "date",
        values: Float64Array.of(Date.UTC(2020, 0, 2), Number.NaN, Number.NaN, Date.UTC(2021, 2, 4)),
      },
    ]);
    expect(report).toEqual({
      captioned: 2,
      columns: ["stars", "when"],
      tables: [
        { file: table, rows: 5, matched: 3, unmatched: 1, ambiguous: 1, examples: ["sea.jpg", "none.jpg"] },
      ],
      unreadableSidecars: 0,
      droppedColumns: [],
    });
  });

  test("from JSON lines and Parquet with lists, columns named by the caller", async () => {
    const lines = file(
      "c.jsonl",
      `{"where": "sea", "said": ["one", "two"]}\n{"where": "IMG_2041", "said": "three"}\n{"where":"b/sea.jpg","said":null,"more":1}\n`,
    );
    const parquet = file(
      "c.parquet",
      tableToParquet({
        columns: { where: "text", said: "text list", size: "int64" },
        values: {
          where: ["a/sea.jpg", "IMG_2041.jpg"],
          said: [["four", "five"], []],
          size: Float64Array.of(1, 2 ** 40),
        },
      }),
    );
    const sources = await MetadataSources.open({
      captions: [lines, parquet],
      key: "Where",
      captionColumn: "said",
    });
    const { captions, columns } = await sources.gather(images);
    expect(captions).toEqual([[], ["four", "five"], ["three"], []]);
    expect(columns.map(({ name, values }) => [name, [...values]])).toEqual([
      ["more", [Number.NaN, Number.NaN, Number.NaN, 1]],
      ["size", [Number.NaN, 1, 2 ** 40, Number.NaN]],
    ]);
  });

  test("from sidecars and file names, in the order asked for, each once", async () => {
    const sources = await MetadataSources.open({ captions: ["sidecar", "filename"], columns: [] });
    const { captions, report } = await sources.gather(images);
    expect(captions).toEqual([["A red boat.", "At sea", "red boat"], ["only the sea", "sea"], [], ["sea"]]);
    expect(report).toMatchObject({ captioned: 3, unreadableSidecars: 1 });
    expect(sources.inspector(readPictureMetadata)).toBeUndefined();
  });

  test("and columns from within the pictures, seen as they are read", async () => {
    const sources = await MetadataSources.open({ captions: ["exif"], columns: ["exif"] });
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .withExif({
        IFD0: { ImageDescription: "a boat", Model: "X100" },
        IFD2: { DateTimeOriginal: "2021:05:06 07:08:09" },
      })
      .jpeg()
      .toBuffer();
    const inspect = sources.inspector(readPictureMetadata)!;
    await inspect("b/sea.jpg", bytes);
    await inspect("a/sea.jpg", new Uint8Array(3));
    const { captions, columns } = await sources.gather(images);
    expect(captions).toEqual([[], [], [], ["a boat"]]);
    expect(columns.map(({ name, type, values }) => [name, type, values[3]])).toEqual([
      ["taken", "date", Date.UTC(2021, 4, 6, 7, 8, 9)],
      ["camera", "text", "X100"],
      ["description", "text", "a boat"],
    ]);
  });

  test("and columns of pictures by default, but for those that a table has", async () => {
    const table = file("cameras.csv", "path,camera\nb/sea.jpg,mine\n");
    for (const [options, camera, captioned] of [
      [{}, "X100", null],
      [{ captions: ["filename"] }, "X100", 3],
      [{ columns: ["exif", table] }, "mine", null],
    ] as const) {
      const sources = await MetadataSources.open(options);
      const inspect = sources.inspector(async () => ({ keywords: ["a", "b"], camera: "X100", latitude: 5 }))!;
      await inspect("b/sea.jpg", new Uint8Array(1));
      const { columns, captions, report } = await sources.gather(images);
      const found = Object.fromEntries(columns.map(({ name, values }) => [name, values[3]]));
      expect(found).toEqual({ camera, latitude: 5, keywords: "a; b" });
      expect([report.captioned, captions === null, report.droppedColumns]).toEqual([
        captioned,
        captioned === null,
        [],
      ]);
    }
  });

  test("that cannot be had are told before anything is embedded", async () => {
    const table = file("no-key.csv", "a,b\n1,2\n");
    const bad = [
      [{ captions: ["nowhere.csv"] }, "was not found"],
      [{ columns: ["sidecar"] }, "was not found"],
      [{ captions: [table] }, "names the pictures"],
      [{ captions: [table], key: "a" }, "holds captions"],
      [{ columns: [table], key: "c" }, "names the pictures"],
      [{ captions: [file("bad.jsonl", '{"a": 1}\n[2]\n')], key: "a" }, "line 2"],
      [{ captions: [file("bad.parquet", "PAR1")], key: "a" }, "cannot be read"],
      [{ captions: [file("latin.csv", Uint8Array.of(97, 10, 0xe9))], key: "a" }, "cannot be read"],
    ] as const;
    for (const [options, message] of bad)
      await expect(MetadataSources.open(options)).rejects.toThrow(message);
  });

  test("columns of one name, without name or too many are left out and told", async () => {
    const names = Array.from({ length: 70 }, (_, i) => `c${i}`);
    const table = file("many.csv", `path,c0,,${names.join(",")}\nsea,${",".repeat(71)}\n`);
    const { columns, report } = await (await MetadataSources.open({ columns: [table] })).gather(images);
    expect(columns.map(({ name }) => name)).toEqual(names.slice(0, 64));
    expect(report.droppedColumns).toEqual(["", "c0", ...names.slice(64)]);
  });
});
