import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../../src/node/concept-model.ts";
import { imagesTable, tableToCsv } from "../../../src/node/export-tables.ts";
import { temporaryFolder } from "../../support/command.ts";
import {
  ExplorerClient,
  fitShownModel,
  openExplorer,
  type ShownModel,
  untilClosed,
} from "../../support/explorer.ts";

const folder = temporaryFolder("explorer-export");
let shown: ShownModel;
let client: ExplorerClient;
let library: ConceptModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
  client = new ExplorerClient(await openExplorer(shown.model, { cache: shown.cache }));
  library = await ConceptModel.load(shown.model);
});

async function exported(body: object): Promise<Response> {
  const response = await client.post("/api/export", body);
  expect(response.status).toBe(200);
  return response;
}

describe("a table", () => {
  it("of all pictures is the one that concept export writes", async () => {
    const { paths } = library.fitted.images;
    const table = imagesTable(library.fitted, (row) => path.join(shown.photos, paths[row]!));
    const response = await exported({ format: "csv" });
    expect(response.headers.get("Content-Disposition")).toBe("attachment; filename*=UTF-8''emoji.csv");
    expect(response.headers.get("Content-Type")).toContain("text/csv");
    expect(await response.text()).toBe(tableToCsv(table));
  });

  it("of a selection has its rows, in its order, each once", async () => {
    const lines = (await (await exported({ format: "csv", rows: [7, 3, 7] })).text()).trim().split("\r\n");
    expect(lines.length).toBe(3);
    expect(lines[1]).toContain(library.fitted.images.ids[7]);
    expect(lines[2]).toContain(library.fitted.images.ids[3]);
    expect((await (await exported({ format: "csv", rows: [] })).text()).split("\r\n").length).toBe(2);
  });
});

describe("a list", () => {
  it("has the path of each file", async () => {
    const text = await (await exported({ format: "list", rows: [5, 6] })).text();
    const { paths } = library.fitted.images;
    expect(text).toBe([5, 6].map((row) => `${path.join(shown.photos, paths[row]!)}\n`).join(""));
  });
});

describe("an archive", () => {
  it("has copies in folders by concept, and says what is missing", async () => {
    const { images, concepts } = library.fitted;
    const gone = [...images.concepts.keys()].find((row) => images.concepts[row] === concepts[0]!.id)!;
    const bytes = new Map(
      images.paths.map((name) => [name, readFileSync(path.join(shown.photos, name))] as const),
    );
    rmSync(path.join(shown.photos, images.paths[gone]!));
    const zip = unzipSync(new Uint8Array(await (await exported({ format: "folders" })).arrayBuffer()));
    const skipped = strFromU8(zip["skipped.txt"]!);
    expect(skipped).toBe(`${images.paths[gone]}: The file is not there any more\n`);
    const files = Object.entries(zip).filter(([name]) => name !== "skipped.txt");
    expect(files.length).toBe(images.paths.length - 1);
    for (const [name, content] of files) {
      expect(name).toMatch(/^[^/]+\/[^/]+$/);
      expect(name).not.toMatch(/[<>:"|?*]|\.\./);
      expect(
        [...bytes.values()].some((original) => original.equals(content)),
        name,
      ).toBe(true);
    }
    for (const { id, name, size } of concepts) {
      const own = files.filter(([file]) => file.startsWith(`${name}/`));
      expect(own.length).toBe(size - (id === concepts[0]!.id ? 1 : 0));
    }
  });

  it("of a selection has nothing else", async () => {
    const zip = unzipSync(
      new Uint8Array(await (await exported({ format: "folders", rows: [1, 2] })).arrayBuffer()),
    );
    expect(Object.keys(zip).length).toBe(2);
  });

  it("is left by a reader without a file being kept open", async () => {
    const response = await exported({ format: "folders" });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await untilClosed(shown.photos);
  });
});

describe("what cannot be exported", () => {
  it("is refused", async () => {
    for (const body of [
      {},
      { format: "exe" },
      { format: "csv", rows: [160] },
      { format: "csv", rows: [-1] },
      { format: "csv", rows: "all" },
    ]) {
      expect((await client.post("/api/export", body)).status, JSON.stringify(body)).toBe(400);
    }
  });
});
