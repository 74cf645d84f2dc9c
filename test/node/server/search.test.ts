import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiSearchAnswer } from "../../../src/core/explorer/api.ts";
import type { SearchResult } from "../../../src/core/search/search.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { groupedVectors } from "../../support/collections.ts";
import { temporaryFolder } from "../../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer, type ShownModel } from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-search");
let shown: ShownModel;
let client: ExplorerClient;
let library: ConceptModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
  client = new ExplorerClient(await openExplorer(shown.model, { cache: shown.cache }));
  library = await ConceptModel.load(shown.model, { cache: shown.cache });
});

async function search(body: object): Promise<ApiSearchAnswer> {
  const response = await client.post("/api/search", body);
  expect(response.status).toBe(200);
  return (await response.json()) as ApiSearchAnswer;
}

function numbers({ concepts, images }: ApiSearchAnswer | SearchResult): unknown {
  return {
    concepts: concepts.map(({ id, score, relevance }) => ({ id, score, relevance })),
    images: images.map(({ row, score, relevance }) => ({ row, score, relevance })),
  };
}

describe("searches by words", () => {
  it("are those of the library, number by number", async () => {
    for (const query of ["dog", "flag", "+fruit -apple", "2:bird 0.5:fish", '"red car"', "a plate of food"]) {
      const answer = await search({ query, limit: 10 });
      const expected = await library.search(query);
      expect(answer.matches, query).toBe(expected.nothing === null);
      if (answer.matches) expect(numbers(answer)).toEqual(numbers(expected));
    }
  });

  it("list the nearest where nothing matches, and say that it is not there", async () => {
    const reasons = new Set<unknown>();
    const where = 'kind != "Flags"';
    for (const query of ["flag", "country", "animal", "quarterly"]) {
      const answer = await search({ query, where, limit: 5 });
      expect(numbers(answer)).toEqual(
        numbers(await library.search(query, { where, topN: 5, minRelevance: 0 })),
      );
      const { nothing } = await library.search(query, { where, topN: 5 });
      expect(answer.nothing, query).toBe(nothing);
      expect(answer.matches).toBe(nothing === null);
      if (nothing === "below the floor") expect(answer.images.length).toBe(5);
      if (nothing === "unknown words") expect(answer.unknown).toEqual([query]);
      reasons.add(nothing);
    }
    expect(reasons).toContain("below the floor");
    expect(reasons).toContain("unknown words");
  });

  it("stay in a concept, and in a filter", async () => {
    const { id } = library.fitted.concepts[1]!;
    const within = await search({ query: "flag", within: id, limit: 200 });
    const { images } = library.fitted;
    expect(within.images.length).toBe(library.fitted.concepts[1]!.size);
    expect(within.images.every(({ row }) => images.concepts[row] === id)).toBe(true);
    const where = 'kind = "Flags"';
    const filtered = await search({ query: "dog", where, limit: 200 });
    expect(numbers(filtered)).toEqual(
      numbers(await library.search("dog", { where, topN: 200, minRelevance: 0 })),
    );
    const none = await search({ query: "dog", where: 'kind = "Nothing"' });
    expect(none).toMatchObject({ matches: false, nothing: "no picture passes the filter", images: [] });
    expect((await client.post("/api/search", { query: "dog", where: "kind = = " })).status).toBe(400);
  });

  it("give so many as were asked for", async () => {
    expect((await search({ query: "dog", limit: 1 })).images.length).toBe(1);
    expect((await search({ query: "dog" })).images.length).toBe(100);
    expect((await search({ query: "dog", limit: 10_000 })).images.length).toBe(160);
  });
});

describe("searches by pictures", () => {
  it("of the collection are those of the library, alone and beside words", async () => {
    const image = library.fitted.images.paths[42]!;
    expect(numbers(await search({ query: "", like: [42], limit: 10 }))).toEqual(
      numbers(await library.search([{ image }], { minRelevance: 0 })),
    );
    expect(numbers(await search({ query: "-flag", like: [42], limit: 10 }))).toEqual(
      numbers(await library.search([{ text: "flag", weight: -1 }, { image }], { minRelevance: 0 })),
    );
  });

  it("that are sent are those of the library, and leave no file behind", async () => {
    const file = path.join(shown.photos, library.fitted.images.paths[9]!);
    const before = leftBehind();
    const send = async (query: string, bytes: Uint8Array<ArrayBuffer>) =>
      fetch(`${client.base}/api/search/picture${query}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream" },
        body: bytes,
      });
    const bytes = new Uint8Array(await readFile(file));
    const response = await send("?limit=10", bytes);
    expect(response.status).toBe(200);
    const answer = (await response.json()) as ApiSearchAnswer;
    // Sent, it is a stranger, and so finds itself.
    expect(answer.images[0]!.row).toBe(9);
    const stranger = path.join(folder, "stranger");
    const { copyFile } = await import("node:fs/promises");
    await copyFile(file, stranger);
    expect(numbers(answer)).toEqual(
      numbers(await library.search([{ image: stranger }], { minRelevance: 0 })),
    );
    const mixed = await send(`?limit=10&query=${encodeURIComponent("-flag")}`, bytes);
    expect(numbers((await mixed.json()) as ApiSearchAnswer)).toEqual(
      numbers(await library.search([{ text: "flag", weight: -1 }, { image: stranger }], { minRelevance: 0 })),
    );
    for (const content of ["", "no picture", "<svg", "GIF89a and nothing more"]) {
      const refused = await send("", new TextEncoder().encode(content));
      expect(refused.status, content).toBe(415);
      expect(await refused.text()).not.toContain(tmpdir());
    }
    expect((await send("?limit=x", bytes)).status).toBe(400);
    expect(leftBehind()).toEqual(before);
  });

  function leftBehind(): string[] {
    return readdirSync(tmpdir()).filter((name) => name.startsWith("concept-search-"));
  }
});

describe("a model that was made from vectors", () => {
  it("finds by words of its vocabulary, has no pictures, and says why others are not found", async () => {
    const { vectors, centres } = groupedVectors({ groups: 4, perGroup: 30 });
    const model = new ConceptModel({ minConceptSize: 10 });
    await model.fit([], {
      imageEmbeddings: vectors,
      docs: ["ant", "bee", "cat", "dog"],
      docEmbeddings: centres,
    });
    const place = path.join(folder, "vectors.concept");
    await model.save(place);
    const bare = new ExplorerClient(await openExplorer(place));
    expect(await bare.model()).toMatchObject({
      hasPictures: false,
      sheets: [],
      searches: { words: true, pictures: false },
    });
    const found = await bare.post("/api/search", { query: "bee", limit: 5 });
    expect(numbers((await found.json()) as ApiSearchAnswer)).toEqual(
      numbers(await model.search("bee", { topN: 5, minRelevance: 0 })),
    );
    const unknown = await bare.post("/api/search", { query: "zebra" });
    expect(unknown.status).toBe(422);
    expect(await unknown.json()).toMatchObject({ code: "NO_EMBEDDER" });
    expect((await bare.get("/api/points/slots")).status).toBe(404);
    expect((await bare.get("/api/sheets/0/0.webp")).status).toBe(404);
    expect((await bare.get("/api/images/0/picture")).status).toBe(404);
    expect(await bare.json("/api/images/0")).toMatchObject({ file: "none" });
    expect((await bare.post("/api/export", { format: "folders" })).status).toBe(404);
  });
});
