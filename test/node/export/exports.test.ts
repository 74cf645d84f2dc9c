import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { matrix } from "../../../src/core/math/matrix.ts";
import type { Concept, FittedModel } from "../../../src/core/model.ts";
import { exportModel } from "../../../src/node/export/export-model.ts";
import { modelJson } from "../../../src/node/export/model-json.ts";
import { conceptsTable, imagesTable, tableToCsv } from "../../../src/node/export-tables.ts";
import { temporaryFolder } from "../../support/command.ts";

const folder = temporaryFolder("exports");
const root = path.join(folder, "photos");
const files = ["one/a.png", "two/a.png", "two/b.png", "lost.png", "two/c.png", "two/d.png"];
const concept = (id: number, name: string, hidden = false): Concept => ({
  id,
  name,
  words: [],
  size: 1,
  exemplars: Int32Array.of(0),
  hidden,
});
// Ids are no places, two share a name, one is hidden, and one was named by somebody who means harm.
const concepts = [
  concept(7, "../../evil/nul"),
  concept(2, "cats"),
  concept(9, "cats"),
  concept(4, "secret", true),
];
const model = {
  images: {
    ids: files,
    paths: files,
    root,
    bytes: new Float64Array(6),
    concepts: Int32Array.of(7, 7, 2, 2, 4, -1),
    probabilities: Float32Array.of(1, 0.5, 1, 1, 1, 0),
    map: matrix(
      Float32Array.from({ length: 12 }, (_, i) => i),
      6,
      2,
    ),
    columns: [
      { name: "taken", type: "date", values: Float64Array.of(0, Number.NaN, 86400000, 0, 0, 0) },
      { name: "path", type: "text", values: ["t", "", "", "", "", "=1+1"] },
      { name: "year", type: "number", values: Float64Array.of(2020, Number.NaN, 1, 2, 3, 4) },
    ],
    captions: [["a dog", "on grass"], [], [], [], [], []],
  },
  concepts,
} as unknown as FittedModel;
const at = (name: string): string => path.join(folder, name);
const json = (name: string) => JSON.parse(readFileSync(at(name), "utf8"));

beforeAll(async () => {
  for (const [i, file] of files.entries()) {
    if (file === "lost.png") continue;
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    const picture = sharp({ create: { width: 20 + i, height: 10, channels: 3, background: "#fff" } });
    await picture.png().toFile(path.join(root, file));
  }
});

describe("folders", () => {
  it.each([
    "symlink",
    "hard",
    "copy",
  ] as const)("holds each picture under its concept by %s", async (link) => {
    const report = await exportModel(model, "folders", at(`by-${link}`), { link });
    expect(report).toMatchObject({
      folders: 3,
      skipped: [{ path: path.join(root, "lost.png"), code: "not-found", reason: "file not found" }],
    });
    expect(report.placed![link]).toBe(4);
    expect(readdirSync(at(`by-${link}`)).sort()).toEqual(["_.._evil_nul", "cats", "unclustered"]);
    expect(readdirSync(at(`by-${link}/_.._evil_nul`)).sort()).toEqual(["a (2).png", "a.png"]);
    const placed = at(`by-${link}/_.._evil_nul/a (2).png`);
    expect(readFileSync(placed)).toEqual(readFileSync(path.join(root, "two/a.png")));
    expect(lstatSync(placed).isSymbolicLink()).toBe(link === "symlink");
    if (link === "symlink") expect(readlinkSync(placed)).toBe(path.join(root, "two/a.png"));
    if (link === "hard") expect(lstatSync(placed).ino).toBe(lstatSync(path.join(root, "two/a.png")).ino);
  });

  it("overwrites nothing, and leaves nothing behind when it fails or is stopped", async () => {
    mkdirSync(at("mine"));
    writeFileSync(at("mine/notes.txt"), "mine");
    await expect(exportModel(model, "folders", at("mine"))).rejects.toThrow(/is there already/);
    await expect(exportModel(model, "fiftyone", at("mine/notes.txt"))).rejects.toThrow(/is there already/);
    expect(readFileSync(at("mine/notes.txt"), "utf8")).toBe("mine");
    const stopped = AbortSignal.abort(new Error("stop"));
    await expect(exportModel(model, "folders", at("stopped"), { signal: stopped })).rejects.toThrow("stop");
    expect(readdirSync(folder).filter((name) => /stopped|tmp$/.test(name))).toEqual([]);
  });

  it("takes no device for a picture", async () => {
    const images = { ...model.images, root: "/dev", paths: ["zero", "null", "zero", "zero", "zero", "zero"] };
    const report = await exportModel({ ...model, images }, "folders", at("devices"), { link: "copy" });
    expect(report.placed).toEqual({ symlink: 0, hard: 0, copy: 0 });
    expect(report.skipped).toHaveLength(5);
    rmSync(at("devices"), { recursive: true });
  });

  it("wants files", async () => {
    const named = { ...model, images: { ...model.images, root: null } };
    for (const format of ["folders", "coco", "fiftyone"] as const) {
      await expect(exportModel(named, format, at("none"))).rejects.toThrow(/with names only/);
    }
  });
});

describe("COCO", () => {
  it("has images with sizes, categories and an annotation for each member, all joined by ids", async () => {
    const { skipped } = await exportModel(model, "coco", at("coco.json"));
    expect(skipped.map(({ path: file }) => file)).toEqual([path.join(root, "lost.png")]);
    const { images, annotations, categories } = json("coco.json");
    expect(categories).toEqual([
      { id: 8, name: "../../evil/nul", supercategory: "concept" },
      { id: 3, name: "cats", supercategory: "concept" },
      { id: 10, name: "cats (2)", supercategory: "concept" },
    ]);
    expect(images).toHaveLength(5);
    expect(images[1]).toEqual({ id: 2, file_name: "two/a.png", width: 21, height: 10 });
    expect(annotations).toHaveLength(3);
    expect(annotations[1]).toEqual({
      id: 2,
      image_id: 2,
      category_id: 8,
      bbox: [0, 0, 21, 10],
      area: 210,
      segmentation: [],
      iscrowd: 0,
      score: 0.5,
    });
  });
});

describe("FiftyOne", () => {
  it("names each picture's file and its class by place, none for the unclustered and the hidden", async () => {
    await exportModel(model, "fiftyone", at("fiftyone"));
    const data = json("fiftyone/data.json");
    const { classes, labels } = json("fiftyone/labels.json");
    expect(Object.keys(labels)).toEqual(Object.keys(data));
    expect(data["00000001"]).toBe(path.join(root, "two/a.png"));
    expect(classes).toEqual(["../../evil/nul", "cats", "cats (2)"]);
    expect(Object.values(labels)).toEqual([0, 0, 1, 1, null, null]);
  });
});

describe("Embedding Atlas", () => {
  it("is a table with places, categories, texts and the user's columns", async () => {
    await exportModel(model, "atlas", at("atlas.parquet"));
    const bytes = readFileSync(at("atlas.parquet"));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({
      x: 0,
      y: 1,
      category: "../../evil/nul",
      text: "a dog | on grass",
      year: 2020,
      user_path: "t",
    });
    expect(rows[5]).toMatchObject({ category: "unclustered", text: "two/d.png", concept: -1 });
    expect(rows[1]!["year"] ?? null).toBeNull();
  });
});

describe("words in exports", () => {
  it("come with how well they find their concept, paired or not at all", () => {
    const words = [
      { word: "cat", score: 0.5, auc: 0.9, precision: 0.25 },
      { word: "pet", score: 0.25, auc: 0.8, precision: 0 },
    ];
    const plain = words.map(({ word, score }) => ({ word, score }));
    const proven = [
      { ...concept(0, "cats"), words },
      { ...concept(1, "other"), words: plain },
    ];
    const table = conceptsTable({ ...model, concepts: proven }, (row) => files[row]!);
    const [heading, first, second] = tableToCsv(table).split("\r\n");
    expect(heading).toBe("id,name,size,words,scores,aucs,precisions,exemplars");
    expect(first).toBe("0,cats,1,cat; pet,0.5; 0.25,0.9; 0.8,0.25; 0,one/a.png");
    expect(second).toBe("1,other,1,cat; pet,0.5; 0.25,,,one/a.png");
  });
});

describe("JSON", () => {
  const exported = (of: FittedModel) =>
    JSON.parse(JSON.stringify(modelJson(of, (row) => files[row]!))) as Record<
      string,
      Record<string, unknown>[]
    >;

  it("has captions and columns, dates as ISO, null for what is missing", () => {
    const { images } = exported(model);
    const shared = { probability: 1, captions: ["a dog", "on grass"], taken: "1970-01-01T00:00:00.000Z" };
    expect(images![0]).toEqual({
      path: "one/a.png",
      concept: 7,
      x: 0,
      y: 1,
      ...shared,
      user_path: "t",
      year: 2020,
    });
    expect(images![1]).toMatchObject({ captions: [], taken: null, user_path: null, year: null });
  });

  it("has nothing of them where the collection has none, and says which names a language model gave", () => {
    const bare = {
      ...model,
      images: { ...model.images, captions: null, columns: [] },
      concepts: [{ ...concept(7, "harbour"), renamed: true, namedBy: "tiny" }],
    };
    const { images, concepts: list } = exported(bare);
    expect(Object.keys(images![0]!)).toEqual(["path", "concept", "probability", "x", "y"]);
    expect(list![0]).toMatchObject({ name: "harbour", namedBy: "tiny" });
  });
});

describe("the table of images", () => {
  it("takes captions and columns along, dates as ISO, nothing for what is missing", () => {
    const [heading, first, second, , , , last] = tableToCsv(imagesTable(model, (row) => files[row]!)).split(
      "\r\n",
    );
    expect(heading).toBe("id,path,concept,name,probability,x,y,captions,taken,user_path,year");
    expect(first).toBe(
      "one/a.png,one/a.png,7,../../evil/nul,1,0,1,a dog; on grass,1970-01-01T00:00:00.000Z,t,2020",
    );
    expect(second).toBe("two/a.png,two/a.png,7,../../evil/nul,0.5,2,3,,,,");
    expect(last).toContain("'=1+1");
  });
});
