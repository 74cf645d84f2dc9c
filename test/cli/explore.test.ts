import type { ChildProcess } from "node:child_process";
import { cpSync, renameSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiSearchAnswer } from "../../src/core/explorer/api.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { concept, type Run, temporaryFolder } from "../support/command.ts";
import { ExplorerClient, fitShownModel, type ShownModel } from "../support/explorer.ts";

const folder = temporaryFolder("explore");
let shown: ShownModel;

beforeAll(async () => {
  shown = await fitShownModel(folder);
});

interface Running {
  readonly address: string;
  readonly child: ChildProcess;
  /** Ends it as Ctrl-C does. */
  end(): Promise<Run>;
}

/** Runs `concept explore` until it has printed its address. */
async function explore(...args: string[]): Promise<Running> {
  let started: ChildProcess | undefined;
  const run = concept(["explore", ...args, "--cache", shown.cache], {
    env: { DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
    onStart: (child) => {
      started = child;
    },
  });
  const child = started!;
  const address = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (part: string) => {
      text += part;
      const found = /http:\/\/[^\s"]+/.exec(text)?.[0];
      if (found !== undefined && text.endsWith("\n")) resolve(found);
    });
    void run.then(({ stderr }) => reject(new Error(stderr)));
  });
  const end = (): Promise<Run> => {
    child.kill("SIGINT");
    return run;
  };
  return { address, child, end };
}

describe("concept explore", () => {
  it("prints its address, serves until Ctrl-C, and then ends at once and well", async () => {
    const { address, end } = await explore(shown.model, "--port", "0");
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const events = await fetch(`${address}api/events`);
    expect(await (await fetch(`${address}api/model`)).json()).toMatchObject({ images: 160 });
    const run = await end();
    // Not 130: it was not ended by force.
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(`${address}\n`);
    expect(run.stderr).toContain("160 pictures");
    await events.body?.cancel().catch(() => undefined);
  });

  it("prints an object for programs, and tells nothing more when it is to be quiet", async () => {
    const { end } = await explore(shown.model, "--port", "0", "--json", "--quiet");
    const { stdout, stderr } = await end();
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({ images: 160, private: true });
    expect(printed.address).toBe(`http://127.0.0.1:${printed.port}/`);
    expect(stderr).toBe("");
  });

  it("takes the next port where the usual one is taken, and says so where it was asked for one", async () => {
    const [first, second] = [await explore(shown.model), await explore(shown.model)];
    const ports = [first, second].map(({ address }) => Number(new URL(address).port));
    expect(ports[1]).not.toBe(ports[0]);
    expect(ports[0]).toBeGreaterThanOrEqual(7320);
    const taken = await concept(["explore", shown.model, "--port", String(ports[0])]);
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain(`The port ${ports[0]} is taken`);
    await Promise.all([first.end(), second.end()]);
  });

  it("warns and wants a token where others can reach it", async () => {
    const { address, end } = await explore(shown.model, "--port", "0", "--host", "0.0.0.0");
    const { searchParams, port } = new URL(address);
    expect(searchParams.get("token")!.length).toBeGreaterThan(30);
    expect((await fetch(`http://127.0.0.1:${port}/api/model`)).status).toBe(401);
    const { stderr } = await end();
    expect(stderr).toContain("Others can reach this address");
  });

  it("opens no browser where there is no desktop", async () => {
    const { end } = await explore(shown.model, "--port", "0", "--open");
    const { code, stderr } = await end();
    expect(code).toBe(0);
    expect(stderr).toContain("no desktop");
  });

  it("finds pictures that were moved by --root", async () => {
    const moved = path.join(folder, "moved");
    cpSync(shown.photos, moved, { recursive: true });
    renameSync(shown.photos, `${shown.photos}-away`);
    const { address, end } = await explore(shown.model, "--port", "0", "--root", moved);
    expect((await fetch(`${address}api/images/0/picture`)).status).toBe(200);
    await end();
    const lost = await explore(shown.model, "--port", "0");
    expect((await fetch(`${lost.address}api/images/0/picture`)).status).toBe(410);
    await lost.end();
    renameSync(`${shown.photos}-away`, shown.photos);
  });

  it("says what is wrong with how it was called", async () => {
    for (const [args, code, message] of [
      [["explore"], 2, "takes 1 argument"],
      [["explore", shown.model, "--port", "70000"], 2, "--port"],
      [["explore", shown.model, "--prot", "1"], 2, "--prot"],
      [["explore", path.join(folder, "nothing.concept")], 1, "no saved model"],
      [["explore", shown.photos], 1, "not a saved model"],
      [["explore", shown.model, "--root", path.join(folder, "nowhere")], 1, "nowhere"],
    ] as const) {
      const run = await concept(args);
      expect(run.code, args.join(" ")).toBe(code);
      expect(run.stderr).toContain(message);
    }
    expect((await concept(["explore", "--help"])).stdout).toContain("--host H");
  });

  it("sees what other commands do to the model, and they what is done there", async () => {
    const { address, end } = await explore(shown.model, "--port", "0");
    const client = new ExplorerClient({ port: Number(new URL(address).port) });
    const { concepts } = await client.model();
    expect((await client.edit({ kind: "rename", concept: concepts[0]!.id, name: "by page" })).status).toBe(
      200,
    );
    expect((await concept(["edit", shown.model, "list"])).stdout).toContain("by page");
    expect((await concept(["edit", shown.model, "rename", `${concepts[1]!.id}`, "by command"])).code).toBe(0);
    while ((await client.model()).concepts[1]!.name !== "by command") {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(
      (await client.post("/api/undo", undefined, { "If-Match": (await client.model()).revision })).status,
    ).toBe(200);
    expect((await concept(["edit", shown.model, "list"])).stdout).not.toContain("by command");
    await end();
  });

  it("finds what concept search and the library find, number by number", async () => {
    const { address, end } = await explore(shown.model, "--port", "0");
    const client = new ExplorerClient({ port: Number(new URL(address).port) });
    const library = await ConceptModel.load(shown.model, { cache: shown.cache });
    const { paths } = library.fitted.images;
    for (const query of ["+fruit -apple", "a plate of food"]) {
      const run = await concept([
        "search",
        shown.model,
        query,
        "--min-relevance",
        "0",
        "--json",
        "--cache",
        shown.cache,
      ]);
      const byCommand = JSON.parse(run.stdout);
      const byLibrary = await library.search(query, { minRelevance: 0 });
      const response = await client.post("/api/search", { query, limit: 10 });
      const byServer = (await response.json()) as ApiSearchAnswer;
      const images = byServer.images.map(({ row, score, relevance }) => ({
        path: path.join(shown.photos, paths[row]!),
        score,
        relevance,
      }));
      const picked = ({ path: name, score, relevance }: Record<string, unknown>) => ({
        path: name,
        score,
        relevance,
      });
      expect(images).toEqual(byCommand.images.map(picked));
      expect(byServer.images.map(({ row, score }) => [row, score])).toEqual(
        byLibrary.images.map(({ row, score }) => [row, score]),
      );
      expect(byServer.concepts.map(({ id, score, relevance }) => ({ id, score, relevance }))).toEqual(
        byCommand.concepts.map(({ id, score, relevance }: Record<string, unknown>) => ({
          id,
          score,
          relevance,
        })),
      );
    }
    await end();
  });
});
