import { beforeAll, describe, expect, it } from "vitest";
import type {
  ApiColumnValues,
  ApiImage,
  ApiOver,
  ApiSimilarity,
  ApiTreeNode,
  ApiWords,
} from "../../../src/core/explorer/api.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { temporaryFolder } from "../../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer, type ShownModel } from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-model");
let shown: ShownModel;
let client: ExplorerClient;
let library: ConceptModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
  client = new ExplorerClient(await openExplorer(shown.model, { cache: shown.cache }));
  library = await ConceptModel.load(shown.model, { cache: shown.cache });
});

describe("the model", () => {
  it("is told as the library has it", async () => {
    const model = await client.model();
    const { images, concepts } = library.fitted;
    expect(model).toMatchObject({
      name: "emoji",
      images: 160,
      outliers: images.concepts.filter((id) => id === -1).length,
      hasCaptions: true,
      hasPictures: true,
      canRecut: true,
      minConceptSize: 8,
      undo: null,
      redo: null,
      searches: { words: true, pictures: true },
    });
    expect(model.columns).toEqual([
      { name: "kind", type: "text" },
      { name: "taken", type: "date" },
      { name: "weight", type: "number" },
    ]);
    expect(concepts.length).toBeGreaterThan(2);
    expect(model.concepts.map(({ id, name, size }) => ({ id, name, size }))).toEqual(
      concepts.map(({ id, name, size }) => ({ id, name, size })),
    );
    expect(model.concepts.map(({ exemplars }) => exemplars)).toEqual(
      concepts.map(({ exemplars }) => Array.from(exemplars)),
    );
    expect(model.concepts.map(({ words }) => words.map(({ word }) => word))).toEqual(
      concepts.map(({ words }) => words.map(({ word }) => word)),
    );
  });

  it("places each concept at the median of its pictures", async () => {
    const { concepts } = await client.model();
    const { images } = library.fitted;
    for (const { id, x, y } of concepts) {
      const rows = [...images.concepts.keys()].filter((row) => images.concepts[row] === id);
      for (const [axis, place] of [x, y].entries()) {
        const values = rows.map((row) => images.map.data[2 * row + axis]!);
        expect(values.filter((value) => value < place).length).toBeLessThanOrEqual(rows.length / 2);
        expect(values.filter((value) => value > place).length).toBeLessThanOrEqual(rows.length / 2);
      }
    }
  });

  it("is not sent again to whoever has it", async () => {
    const first = await client.get("/api/model");
    const { revision } = (await first.json()) as { revision: string };
    const tag = first.headers.get("ETag")!;
    expect(tag).toContain(revision);
    const second = await client.get("/api/model", { "If-None-Match": tag });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe("");
    expect((await client.get("/api/model", { "If-None-Match": '"another"' })).status).toBe(200);
  });

  it("is compressed for those who take it", async () => {
    for (const encoding of ["br", "gzip"]) {
      const response = await client.get("/api/model", { "Accept-Encoding": encoding });
      expect(response.headers.get("Content-Encoding")).toBe(encoding);
      expect(await response.json()).toEqual(await client.model());
    }
    const plain = await client.get("/api/model", { "Accept-Encoding": "identity" });
    expect(plain.headers.get("Content-Encoding")).toBeNull();
  });
});

describe("the points", () => {
  const bytes = async (name: string): Promise<ArrayBuffer> =>
    (await client.get(`/api/points/${name}`)).arrayBuffer();

  it("are the arrays of the model", async () => {
    const { images } = library.fitted;
    expect(new Float32Array(await bytes("map"))).toEqual(images.map.data);
    expect(new Int32Array(await bytes("concepts"))).toEqual(images.concepts);
    expect(new Float32Array(await bytes("probabilities"))).toEqual(images.probabilities);
  });

  it("have a place in the sheets each", async () => {
    const slots = new Uint32Array(await bytes("slots"));
    expect([...slots].sort((a, b) => a - b)).toEqual([...slots.keys()]);
  });

  it("are not sent again", async () => {
    for (const name of ["map", "concepts", "probabilities", "slots"]) {
      const tag = (await client.get(`/api/points/${name}`)).headers.get("ETag")!;
      expect((await client.get(`/api/points/${name}`, { "If-None-Match": tag })).status).toBe(304);
    }
  });
});

describe("columns and pictures", () => {
  it("gives the values of columns, null and -1 where they are missing", async () => {
    const { columns } = library.fitted.images;
    const [kind, taken, weight] = await Promise.all(
      [0, 1, 2].map((index) => client.json<ApiColumnValues>(`/api/columns/${index}`)),
    );
    if (kind?.type !== "text" || taken?.type !== "date" || weight?.type !== "number")
      throw new Error("types");
    expect(kind.codes.map((code) => kind.texts[code] ?? "")).toEqual(columns[0]!.values);
    expect(taken.values.map((value) => value ?? Number.NaN)).toEqual(Array.from<unknown>(columns[1]!.values));
    expect(weight.values).toContain(null);
    expect((await client.get("/api/columns/3")).status).toBe(404);
    expect((await client.get("/api/columns/-1")).status).toBe(404);
  });

  it("describes a picture by its row", async () => {
    const { images } = library.fitted;
    const image = await client.json<ApiImage>("/api/images/17");
    expect(image).toMatchObject({
      row: 17,
      id: images.ids[17],
      path: images.paths[17],
      concept: images.concepts[17],
      captions: images.captions![17],
      bytes: images.bytes[17],
      file: "present",
    });
    expect(image.columns.map(({ name }) => name)).toEqual(["kind", "taken", "weight"]);
  });

  it("knows no other rows", async () => {
    for (const row of ["160", "-1", "1.5", "1e2", "0x1", "", " 1", "99999999999999"]) {
      expect((await client.get(`/api/images/${encodeURIComponent(row)}`)).status).toBe(404);
    }
  });

  it("finds exactly the pictures that the library finds", async () => {
    const { images } = library.fitted;
    for (const row of [0, 5, 99]) {
      const found = await client.json<{ images: { row: number; score: number }[] }>(
        `/api/images/${row}/neighbours?count=12`,
      );
      const expected = await library.findSimilar(images.paths[row]!, 12);
      expect(found.images.map((match) => match.row)).toEqual(expected.map((match) => match.row));
      for (const [i, { score }] of found.images.entries()) expect(score).toBeCloseTo(expected[i]!.score, 6);
    }
    expect((await client.get("/api/images/0/neighbours?count=0")).status).toBe(400);
    expect((await client.get("/api/images/0/neighbours?count=1000000")).status).toBe(400);
  });
});

describe("comparing", () => {
  it("gives a tree that has every concept once", async () => {
    const leaves = (nodes: readonly ApiTreeNode[]): number[] =>
      nodes.flatMap(({ concept, children }) => (concept === null ? leaves(children) : [concept]));
    const tree = await client.json<ApiTreeNode[]>("/api/hierarchy");
    expect(leaves(tree).sort()).toEqual(library.fitted.concepts.map(({ id }) => id).sort());
    for (const { size, children } of tree) {
      if (children.length > 0) expect(children.reduce((sum, child) => sum + child.size, 0)).toBe(size);
    }
  });

  it("gives the similarities of the library, with an order of all concepts", async () => {
    const { concepts, similarities, order, leftOut } = await client.json<ApiSimilarity>("/api/similarity");
    expect(leftOut).toBe(0);
    const expected = library.conceptSimilarity();
    expect(concepts).toEqual(expected.concepts.map(({ id }) => id));
    for (const [i, value] of similarities.entries()) expect(value).toBeCloseTo(expected.similarities[i]!, 4);
    expect([...order].sort((a, b) => a - b)).toEqual([...concepts.keys()]);
  });

  it("counts concepts over a column as the library does", async () => {
    const over = await client.json<ApiOver>("/api/over?column=1&bin=year");
    const expected = await library.conceptsOver("taken", { bin: "year" });
    expect(over.bins).toEqual(expected.bins);
    expect(over.concepts.map(({ counts }) => counts)).toEqual(
      expected.concepts.map(({ counts }) => Array.from(counts)),
    );
    expect((await client.get("/api/over?column=0&bin=year")).status).toBe(400);
    expect((await client.get("/api/over?column=kind")).status).toBe(404);
  });

  it("suggests words of the vocabulary", async () => {
    const { words } = await client.json<ApiWords>("/api/words?prefix=FR");
    expect(words).toContain("fruit");
    expect(words.every((word) => word.startsWith("fr"))).toBe(true);
    expect((await client.json<ApiWords>("/api/words?prefix=")).words.length).toBe(20);
  });
});
