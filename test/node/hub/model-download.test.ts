import { createHash } from "node:crypto";
import { lstat, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConceptError } from "../../../src/core/errors.ts";
import type { PixelRequest, Pixels } from "../../../src/embed/image-decoder.ts";
import { hubEnvironment } from "../../../src/node/hub/hub-environment.ts";
import {
  type DownloadProgress,
  fetchModelSnapshot,
  type ModelSnapshot,
  type SnapshotOptions,
} from "../../../src/node/hub/model-snapshot.ts";
import { loadEmbedder } from "../../../src/node/load-embedder.ts";
import { FAKE_COMMIT, FakeHub, type HubRequest } from "../../support/fake-hub.ts";

const REPOSITORY = "someone/mini-clip";
const VISION = "onnx/vision_model.onnx";
const mini = new URL("../../../models/mini/", import.meta.url);
const names =
  "config.json preprocessor_config.json tokenizer.json tokenizer_config.json onnx/text_model.onnx".split(" ");

let hub: FakeHub;
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "hub-"));
  const files = new Map<string, Buffer>();
  for (const name of [...names, VISION]) files.set(name, await readFile(new URL(name, mini)));
  hub = new FakeHub(REPOSITORY, files);
  await hub.start();
});

afterEach(async () => {
  await hub.stop();
  await rm(home, { recursive: true, force: true });
});

function variables(more: Record<string, string> = {}): Record<string, string> {
  return { HF_HOME: home, HF_ENDPOINT: hub.endpoint, ...more };
}

function snapshot(
  more: Record<string, string> = {},
  options: Partial<SnapshotOptions> = {},
): Promise<ModelSnapshot> {
  return fetchModelSnapshot(REPOSITORY, {
    dtype: "fp32",
    environment: hubEnvironment(variables(more)),
    retryDelay: 1,
    ...options,
  });
}

async function failure(work: Promise<unknown>): Promise<ConceptError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConceptError);
  return error as ConceptError;
}

const gets = (file: string): HubRequest[] =>
  hub.requests.filter(
    (request) => request.method === "GET" && request.host === hub.storageHost && request.url.endsWith(file),
  );

async function expectComplete(folder: string): Promise<void> {
  for (const [name, content] of hub.files) {
    expect(content.equals(await readFile(path.join(folder, name))), name).toBe(true);
  }
}

async function incompleteFiles(): Promise<string[]> {
  const blobs = path.join(home, "hub/models--someone--mini-clip/blobs");
  return (await readdir(blobs)).filter((name) => name.endsWith(".incomplete"));
}

describe("a fresh download", () => {
  test("lays out the standard cache, told in bytes", async () => {
    const progress: DownloadProgress[] = [];
    const { folder, commit, layout } = await snapshot({}, { onProgress: (step) => progress.push(step) });
    expect(commit).toBe(FAKE_COMMIT);
    expect(layout).toBe("towers");
    const repository = path.join(home, "hub/models--someone--mini-clip");
    expect(folder).toBe(path.join(repository, "snapshots", FAKE_COMMIT));
    await expectComplete(folder);
    expect(await readFile(path.join(repository, "refs/main"), "utf8")).toBe(FAKE_COMMIT);
    const sha = createHash("sha256").update(hub.files.get(VISION)!).digest("hex");
    expect((await lstat(path.join(folder, VISION))).isSymbolicLink()).toBe(true);
    expect(await readlink(path.join(folder, VISION))).toBe(path.join("../../../blobs", sha));
    const total = [...hub.files.values()].reduce((sum, content) => sum + content.length, 0);
    expect(progress.at(-1)).toEqual({ file: VISION, loadedBytes: total, totalBytes: total });
    const loaded = progress.map((step) => step.loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  });

  test("is not repeated: the second load makes no request, nor does one offline", async () => {
    const first = await snapshot();
    hub.requests.length = 0;
    expect(await snapshot()).toEqual(first);
    expect(await snapshot({ HF_HUB_OFFLINE: "1" })).toEqual(first);
    expect(hub.requests).toEqual([]);
  });

  test("embeds for real", async () => {
    const decoder = {
      decode: async (image: number, request: PixelRequest): Promise<Pixels> => grey(image, request),
    };
    const embedder = await loadEmbedder(REPOSITORY, { decoder, env: variables() });
    expect(embedder.id).toBe(`${REPOSITORY}@${FAKE_COMMIT}/fp32`);
    const direct = await loadEmbedder("mini", { decoder });
    expect(direct.id).toMatch(/^sha256-[0-9a-f]{64}\/fp32$/);
    expect(await embedder.embedImages([10, 200])).toEqual(await direct.embedImages([10, 200]));
    expect(await embedder.embedTexts(["dog"])).toEqual(await direct.embedTexts(["dog"]));
    await embedder.dispose();
    await direct.dispose();
  });

  test("finds weights of both towers in one file", async () => {
    const files = new Map(hub.files);
    files.set("onnx/model.onnx", Buffer.from("both"));
    files.set("onnx/model.onnx_data", Buffer.from("weights"));
    files.delete("onnx/text_model.onnx");
    const single = new FakeHub(REPOSITORY, files);
    await single.start();
    const found = await snapshot({ HF_ENDPOINT: single.endpoint });
    await single.stop();
    expect([found.layout, found.externalDataFiles]).toEqual(["single", 1]);
    expect(await snapshot({ HF_HUB_OFFLINE: "1" })).toEqual(found);
    expect(hub.requests).toEqual([]);
  });
});

describe("a cut connection", () => {
  test("is resumed where it broke, and no byte is sent twice", async () => {
    hub.mood = { cut: { after: 500_000, times: 2 } };
    const { folder } = await snapshot();
    await expectComplete(folder);
    const text = gets("text_model.onnx");
    expect(text.map((request) => request.range)).toEqual([undefined, "bytes=500000-", "bytes=1000000-"]);
    const size = hub.files.get("onnx/text_model.onnx")!.length;
    expect(text.reduce((sum, request) => sum + request.sent, 0)).toBe(size);
  });

  test("is resumed by a later run, after an abort", async () => {
    hub.mood = { cut: { after: 400_000, times: 1 } };
    const stop = new AbortController();
    const onProgress = (step: DownloadProgress): void => {
      if (step.file.startsWith("onnx/") && step.loadedBytes >= 400_000) stop.abort(new Error("enough"));
    };
    await expect(snapshot({}, { signal: stop.signal, onProgress })).rejects.toThrow("enough");
    expect(await incompleteFiles()).toHaveLength(1);
    await expectComplete((await snapshot()).folder);
    expect(gets("text_model.onnx").at(-1)!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(await incompleteFiles()).toEqual([]);
  });

  test("starts over where the server cannot resume", async () => {
    hub.mood = { cut: { after: 300_000, times: 1 }, ignoreRange: true };
    await expectComplete((await snapshot()).folder);
    expect(gets("text_model.onnx").map((request) => request.range)).toEqual([undefined, "bytes=300000-"]);
  });
});

describe("errors", () => {
  test.each([
    VISION,
    "config.json",
  ])("a damaged %s is refused and removed, and comes whole the next time", async (file) => {
    hub.mood = { damage: file };
    const error = await failure(snapshot());
    expect(error.code).toBe("HUB_CHECKSUM");
    expect(error.message).toContain(file);
    expect(await incompleteFiles()).toEqual([]);
    hub.mood = {};
    await expectComplete((await snapshot()).folder);
  });

  test("404: a missing dtype and a missing repository", async () => {
    const dtype = await failure(snapshot({}, { dtype: "q4" }));
    expect(dtype.code).toBe("HUB_NOT_FOUND");
    expect(dtype.message).toContain("onnx/model_q4.onnx");
    const environment = hubEnvironment(variables());
    const other = await failure(fetchModelSnapshot("no/such", { dtype: "fp32", environment }));
    expect(other.code).toBe("HUB_NOT_FOUND");
  });

  test("401 without the token; with it, the token reaches the hub and never the storage host", async () => {
    hub.mood = { token: "secret" };
    const error = await failure(snapshot());
    expect(error.code).toBe("HUB_UNAUTHORIZED");
    expect(error.message).toContain("HF_TOKEN");
    hub.requests.length = 0;
    await expectComplete((await snapshot({ HF_TOKEN: "secret" })).folder);
    const tokens = (storage: boolean): Set<string | undefined> =>
      new Set(
        hub.requests
          .filter((one) => (one.host === hub.storageHost) === storage)
          .map((one) => one.authorization),
      );
    expect(tokens(false)).toEqual(new Set(["Bearer secret"]));
    expect(tokens(true)).toEqual(new Set([undefined]));
  });

  test("no network: two lines with the model, the host and three ways out", async () => {
    const port = await closedPort();
    const error = await failure(snapshot({ HF_ENDPOINT: `http://127.0.0.1:${port}` }));
    expect(error.code).toBe("HUB_UNREACHABLE");
    expect(error.message.split("\n")).toHaveLength(2);
    for (const part of [
      REPOSITORY,
      `127.0.0.1:${port}`,
      "ECONNREFUSED",
      "--model ./folder",
      "HF_ENDPOINT",
      "--model mini",
    ]) {
      expect(error.message).toContain(part);
    }
  });

  test("a passing 503 is tried again, a lasting one is not tried for ever", async () => {
    hub.mood = { fail: { status: 503, times: 2 } };
    await expectComplete((await snapshot()).folder);
    await rm(home, { recursive: true });
    hub.mood = { fail: { status: 503, times: Number.POSITIVE_INFINITY } };
    hub.requests.length = 0;
    const error = await failure(snapshot());
    expect([error.code, error.found]).toEqual(["HUB_UNREACHABLE", "HTTP 503"]);
    expect(hub.requests).toHaveLength(5);
  });

  test("an abort during the pause before a repetition rejects with the signal's reason", async () => {
    hub.mood = { fail: { status: 503, times: Number.POSITIVE_INFINITY } };
    const stop = new AbortController();
    const work = snapshot({}, { signal: stop.signal, retryDelay: 600_000 });
    setTimeout(() => stop.abort(new Error("enough")), 50);
    await expect(work).rejects.toThrow("enough");
  });

  test("HF_HUB_OFFLINE without a cached copy touches no network", async () => {
    const error = await failure(snapshot({ HF_HUB_OFFLINE: "1" }));
    expect(error.code).toBe("HUB_UNREACHABLE");
    expect(error.message).toContain("HF_HUB_OFFLINE");
    expect(hub.requests).toEqual([]);
  });

  test.each([
    "../../etc",
    "a/../b",
    "/etc/passwd",
    "a/b/c",
    "a//b",
    "a/..",
    "a--b/c",
  ])("the repository id %s is refused", async (id) => {
    const environment = hubEnvironment(variables());
    expect((await failure(fetchModelSnapshot(id, { dtype: "fp32", environment }))).code).toBe("BAD_OPTION");
  });

  test("a revision that leads out of its folder is refused", async () => {
    expect((await failure(snapshot({}, { revision: "../../x" }))).code).toBe("BAD_OPTION");
    expect(hub.requests).toEqual([]);
  });
});

function grey(value: number, request: PixelRequest): Pixels {
  const { width, height } = request.crop ?? (request.resize as { width: number; height: number });
  return { data: new Uint8Array(width * height * 3).fill(value), width, height };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
