import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { startExplorer } from "../../../src/node/server/start-explorer.ts";
import { concept, temporaryFolder } from "../../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer, type ShownModel } from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-opening");
let shown: ShownModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
});

let copies = 0;

function copied(): string {
  const model = path.join(folder, `copy-${copies++}.concept`);
  cpSync(shown.model, model, { recursive: true });
  return model;
}

/** A copy in which one byte of a file is another. */
function damaged(file: string): string {
  const model = copied();
  const place = path.join(model, file);
  const bytes = readFileSync(place);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(place, bytes);
  return model;
}

const MAP = ["/api/model", "/api/points/map", "/api/points/concepts", "/api/points/probabilities"];

describe("an explorer whose model is read in two steps", () => {
  it("answers for the map alike before and after the rest is read", async () => {
    const explorer = await openExplorer(copied(), { cache: shown.cache });
    const client = new ExplorerClient(explorer);
    const ask = async (address: string) => {
      const response = await client.get(address);
      return { tag: response.headers.get("ETag"), bytes: new Uint8Array(await response.arrayBuffer()) };
    };
    const before = [];
    for (const address of MAP) before.push(await ask(address));
    const first = explorer.session.view;
    await client.json("/api/words");
    expect(explorer.session.view).not.toBe(first);
    for (const [i, address] of MAP.entries()) expect(await ask(address)).toEqual(before[i]);
    expect(explorer.session.view.describe()).toEqual(first.describe());
  });

  it.each([
    "/api/words",
    "/api/hierarchy",
    "/api/similarity",
    "/api/images/3/neighbours",
  ])("lets %s wait for it", async (address) => {
    const client = new ExplorerClient(await openExplorer(copied(), { cache: shown.cache }));
    expect((await client.get(address)).status).toBe(200);
  });

  it("lets searches, previews and edits wait for it", async () => {
    const open = async () => new ExplorerClient(await openExplorer(copied(), { cache: shown.cache }));
    expect((await (await open()).post("/api/search", { query: "dog" })).status).toBe(200);
    expect((await (await open()).post("/api/recut", { minConceptSize: 10 })).status).toBe(200);
    expect((await (await open()).edit({ kind: "pin", concept: 0 })).status).toBe(200);
  });

  it("tells of a fit that has taken the place of the one whose tables were read", async () => {
    const model = copied();
    const fresh = new ConceptModel({ embeddingModel: "mini", cache: shown.cache, minConceptSize: 12 });
    await fresh.fit(shown.photos, { docs: [] });
    await fresh.close();
    const client = new ExplorerClient(await openExplorer(model, { cache: shown.cache }));
    const { collection } = await client.model();
    await fresh.save(model);
    await client.json("/api/words");
    const now = await client.model();
    expect(now.collection).not.toBe(collection);
    expect(now.concepts.map(({ name }) => name)).toEqual(fresh.fitted.concepts.map(({ name }) => name));
    expect(now.searches).toEqual({ words: true, pictures: true });
  });

  it("closes while it is read: what waits for it is told, and nothing is opened any more", async () => {
    const explorer = await startExplorer(copied(), { port: 0, cache: shown.cache });
    const whole = explorer.session.whole();
    const refused = expect(whole).rejects.toThrow("The explorer was closed");
    await explorer.close();
    await refused;
  });

  it("goes on with its map when the folder has gone before the rest was read, and reads it when it is back", async () => {
    const model = copied();
    const client = new ExplorerClient(await openExplorer(model, { cache: shown.cache }));
    renameSync(model, `${model}.away`);
    expect((await client.get("/api/words")).status).toBe(410);
    expect((await client.get("/api/points/map")).status).toBe(200);
    renameSync(`${model}.away`, model);
    expect((await client.get("/api/words")).status).toBe(200);
  });
});

describe("a model that is damaged", () => {
  it("in its tables is refused before anything is served", async () => {
    await expect(startExplorer(damaged("images.parquet"), { port: 0 })).rejects.toThrow("images.parquet");
  });

  it("elsewhere is refused before anything is served where it was edited: edits need all of it", async () => {
    const model = damaged("vectors/images.npy");
    cpSync(shown.model, `${model}.sound`, { recursive: true });
    const editor = await ConceptModel.load(`${model}.sound`);
    await editor.edit({ kind: "pin", concept: 0 });
    await editor.saveEdits();
    cpSync(path.join(`${model}.sound`, "edits.jsonl"), path.join(model, "edits.jsonl"));
    await expect(startExplorer(model, { port: 0 })).rejects.toThrow("vectors/images.npy");
  });

  it("elsewhere is told to pages as soon as it is known, and nothing but that is answered any more", async () => {
    const model = damaged("vectors/images.npy");
    const client = new ExplorerClient(await openExplorer(model));
    expect((await client.get("/api/points/map")).status).toBe(200);
    const ear = await client.hear();
    await ear.until(({ kind }) => kind === "damaged");
    const told = ear.events.find((event) => event.kind === "damaged");
    expect(told).toMatchObject({ error: { code: "BAD_MODEL" } });
    for (const address of [...MAP, "/api/words", "/api/images/0", "/api/points/slots"]) {
      const response = await client.get(address);
      expect(response.status, address).toBe(500);
      const { code, message } = (await response.json()) as { code: string; message: string };
      expect(code).toBe("BAD_MODEL");
      expect(message).toContain("vectors/images.npy");
    }
    expect((await client.post("/api/search", { query: "dog" })).status).toBe(500);
    await ear.stop();
    const late = await client.hear();
    await late.until(({ kind }) => kind === "damaged");
  });

  it("elsewhere ends the command with that error though nobody looks at the page", async () => {
    const run = await concept(["explore", damaged("clusterer/labels.npy"), "--port", "0"]);
    expect(run.stdout).toMatch(/^http:/);
    expect(run.stderr).toContain("clusterer/labels.npy");
    expect(run.code).toBe(1);
  });

  it("elsewhere is the last that a page hears of the command", async () => {
    const client = await new Promise<ExplorerClient>((resolve) => {
      void concept(["explore", damaged("words.parquet"), "--port", "0", "--json"], {
        onStart: ({ stdout }) =>
          stdout!.once("data", (text: string) => resolve(new ExplorerClient(JSON.parse(text)))),
      });
    });
    const ear = await client.hear();
    await ear.until(({ kind }) => kind === "damaged");
  });
});
