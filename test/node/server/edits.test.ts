import { chmodSync, cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiModel, ApiSimilarity } from "../../../src/core/explorer/api.ts";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { temporaryFolder } from "../../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer, type ShownModel } from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-edits");
let shown: ShownModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
});

let copies = 0;

/** An explorer of a copy of the model, which is the test's own. */
async function copied(): Promise<{ model: string; client: ExplorerClient }> {
  const model = path.join(folder, `copy-${copies++}.concept`);
  cpSync(shown.model, model, { recursive: true });
  return { model, client: new ExplorerClient(await openExplorer(model, { cache: shown.cache })) };
}

const conceptsOf = async (client: ExplorerClient): Promise<Int32Array> =>
  new Int32Array(await (await client.get("/api/points/concepts")).arrayBuffer());
const answer = async (response: Response): Promise<ApiModel> => {
  expect(response.status).toBe(200);
  return (await response.json()) as ApiModel;
};

describe("edits", () => {
  it("are those of the library, and in the model's log when they are answered", async () => {
    const { model, client } = await copied();
    const before = await client.model();
    const [first, second] = before.concepts;
    const renamed = await answer(
      await client.edit({ kind: "rename", concept: first!.id, name: "the <first>" }),
    );
    expect(renamed.revision).not.toBe(before.revision);
    expect(renamed.concepts[0]).toMatchObject({ name: "the <first>", renamed: true });
    await answer(await client.edit({ kind: "merge", concepts: [first!.id, second!.id] }));
    await answer(await client.edit({ kind: "move", pictures: [0, 1, 2], to: "new" }));
    await answer(await client.edit({ kind: "pin", concept: first!.id }));
    const hidden = await answer(await client.edit({ kind: "hide", concept: first!.id }));
    const saved = await ConceptModel.load(model);
    const { concepts: compared, order } = await client.json<ApiSimilarity>("/api/similarity");
    expect(compared).toEqual(hidden.concepts.filter((one) => !one.hidden).map(({ id }) => id));
    expect([...order].sort((a, b) => a - b)).toEqual([...compared.keys()]);
    expect(saved.edits.map(({ kind }) => kind)).toEqual(["rename", "merge", "move", "pin", "hide"]);
    expect(hidden.concepts.map(({ id, name, size }) => ({ id, name, size }))).toEqual(
      saved.fitted.concepts.map(({ id, name, size }) => ({ id, name, size })),
    );
    expect(await conceptsOf(client)).toEqual(saved.fitted.images.concepts);
    const library = await ConceptModel.load(shown.model);
    for (const request of [
      { kind: "rename", concept: first!.id, name: "the <first>" },
      { kind: "merge", concepts: [first!.id, second!.id] },
      { kind: "move", pictures: [0, 1, 2], to: "new" },
      { kind: "pin", concept: first!.id },
      { kind: "hide", concept: first!.id },
    ] as const)
      await library.edit(request);
    expect(saved.edits).toEqual(library.edits);
  });

  it("are undone and made again, down to the bytes of the log", async () => {
    const { model, client } = await copied();
    const start = await client.model();
    await answer(await client.edit({ kind: "rename", concept: 0, name: "one" }));
    const log = readFileSync(path.join(model, "edits.jsonl"));
    const made = await client.model();
    expect(made.undo).toContain("one");
    const undone = await answer(await client.post("/api/undo", undefined, { "If-Match": made.revision }));
    expect(undone).toMatchObject({ undo: null, concepts: start.concepts });
    expect(undone.redo).toContain("one");
    expect(() => readFileSync(path.join(model, "edits.jsonl"))).toThrow();
    const redone = await answer(await client.post("/api/redo", undefined, { "If-Match": undone.revision }));
    expect(redone).toEqual(made);
    expect(readFileSync(path.join(model, "edits.jsonl"))).toEqual(log);
    const nothing = await client.post("/api/redo", undefined, { "If-Match": redone.revision });
    expect(nothing.status).toBe(409);
    expect(await nothing.json()).toMatchObject({ code: "NOTHING_LEFT" });
  });

  it("of two tabs upon one revision: the second is refused, and told which there is now", async () => {
    const { client } = await copied();
    const { revision } = await client.model();
    const both = await Promise.all(
      ["left", "right"].map((name) =>
        client.post("/api/edits", { kind: "rename", concept: 0, name }, { "If-Match": `"${revision}"` }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = (await both.find(({ status }) => status === 409)!.json()) as { revision: string };
    expect(refused.revision).toBe((await client.model()).revision);
  });

  it("that do not fit leave everything as it is", async () => {
    const { model, client } = await copied();
    const { revision } = await client.model();
    for (const body of [
      { kind: "rename", concept: 999, name: "x" },
      { kind: "rename", concept: 0, name: " " },
      { kind: "merge", concepts: [0] },
      { kind: "move", pictures: [100_000], to: 0 },
      { kind: "move", pictures: ["../../etc/passwd"], to: 0 },
      { kind: "split", concept: 0, into: 1 },
    ]) {
      const response = await client.edit(body);
      expect(response.status, JSON.stringify(body)).toBe(400);
    }
    expect((await client.model()).revision).toBe(revision);
    expect((await ConceptModel.load(model)).edits).toEqual([]);
  });
});

describe("what others do to the saved model", () => {
  it("is noticed, and told to whoever listens", async () => {
    const { model, client } = await copied();
    const { revision } = await client.model();
    const ear = await client.hear();
    const other = await ConceptModel.load(model);
    await other.edit({ kind: "rename", concept: 0, name: "from elsewhere" });
    await other.saveEdits();
    await ear.until((event) => event.kind === "revision" && event.revision !== revision);
    await ear.stop();
    expect((await client.model()).concepts[0]!.name).toBe("from elsewhere");
  });

  it("is never overwritten by an edit that did not know of it", async () => {
    const { model, client } = await copied();
    const second = new ExplorerClient(await openExplorer(model, { cache: shown.cache }));
    const { revision } = await second.model();
    await answer(await client.edit({ kind: "rename", concept: 0, name: "first server" }));
    const late = await second.post("/api/edits", { kind: "pin", concept: 0 }, { "If-Match": revision });
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ code: "EDITED_ELSEWHERE" });
    await answer(await second.edit({ kind: "pin", concept: 0 }));
    expect((await ConceptModel.load(model)).edits.map(({ kind }) => kind)).toEqual(["rename", "pin"]);
  });

  it("may be another fit: rows then mean other pictures, and the page is told so", async () => {
    const { model, client } = await copied();
    const { collection } = await client.model();
    const ear = await client.hear();
    const other = await ConceptModel.load(model, { cache: shown.cache });
    rmSync(path.join(shown.photos, other.fitted.images.paths[7]!));
    await other.update(shown.photos);
    await other.save(model);
    await ear.until((event) => event.kind === "revision" && event.collection !== collection);
    await ear.stop();
    const { images } = await client.model();
    expect(images).toBe(159);
    expect((await conceptsOf(client)).length).toBe(159);
    expect((await (await client.get("/api/points/slots")).arrayBuffer()).byteLength).toBe(4 * 159);
    await answer(await client.edit({ kind: "rename", concept: 0, name: "after the update" }));
  });

  it("may be to delete it: what is in memory still answers, edits end in a clear error, and its return is noticed", async () => {
    const { model, client } = await copied();
    const before = await client.model();
    const ear = await client.hear();
    await client.json("/api/words");
    renameSync(model, `${model}.away`);
    const refused = await client.post(
      "/api/edits",
      { kind: "pin", concept: 0 },
      { "If-Match": before.revision },
    );
    expect(refused.status).toBe(410);
    expect(await refused.json()).toMatchObject({ code: "MODEL_GONE" });
    await ear.until(({ kind }) => kind === "gone");
    await ear.stop();
    expect(await client.model()).toEqual(before);
    expect((await client.post("/api/search", { query: "dog" })).status).toBe(200);
    expect((await client.get("/api/images/0/picture")).status).toBe(200);
    renameSync(`${model}.away`, model);
    await answer(await client.edit({ kind: "pin", concept: 0 }));
    expect((await ConceptModel.load(model)).edits.map(({ kind }) => kind)).toEqual(["pin"]);
  });

  it("may be to take the right to write: the edit is refused and not seen", async () => {
    // The superuser may write everywhere.
    if (process.getuid?.() === 0) return;
    const { model, client } = await copied();
    const before = await client.model();
    chmodSync(model, 0o555);
    const refused = await client.edit({ kind: "pin", concept: 0 });
    chmodSync(model, 0o755);
    expect(refused.status).toBe(500);
    expect(await client.model()).toEqual(before);
  });
});

describe("previews of recuts", () => {
  it("are what the recut then gives, and change nothing", async () => {
    const { model, client } = await copied();
    const before = await client.model();
    for (const request of [{ minConceptSize: 4 }, { concepts: 3 }]) {
      const response = await client.post("/api/recut", request);
      expect(response.status).toBe(200);
      const labels = new Int32Array(await response.arrayBuffer());
      const summary = JSON.parse(response.headers.get("X-Recut")!);
      expect((await client.model()).revision).toBe(before.revision);
      const library = await ConceptModel.load(model);
      await library.recut(request);
      expect(labels).toEqual(library.fitted.images.concepts);
      const { concepts, images } = library.fitted;
      expect(summary).toMatchObject({
        concepts: concepts.length,
        outliers: images.concepts.filter((id) => id === -1).length,
      });
      const old = new Set(before.concepts.map(({ id }) => id));
      expect(summary.kept).toBe(concepts.filter(({ id }) => old.has(id)).length);
      expect(summary.kept + summary.fresh).toBe(concepts.length);
      expect(summary.kept + summary.ended).toBe(old.size);
    }
    const cut = await answer(await client.edit({ kind: "recut", minConceptSize: 4 }));
    expect(cut.minConceptSize).toBe(4);
    expect((await client.post("/api/recut", { concepts: 100_000 })).status).toBe(400);
    expect((await client.post("/api/recut", { minConceptSize: 1 })).status).toBe(400);
  });

  it("give way to the next one", async () => {
    const { client } = await copied();
    const sizes = [4, 5, 6, 7, 9, 10];
    const responses = await Promise.all(
      sizes.map((minConceptSize) => client.post("/api/recut", { minConceptSize })),
    );
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    for (const response of responses.filter(({ status }) => status !== 200)) {
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: "SUPERSEDED" });
    }
  });
});
