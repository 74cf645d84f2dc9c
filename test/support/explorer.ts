import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { afterAll } from "vitest";
import type { ApiEvent, ApiModel } from "../../src/core/explorer/api.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { type Explorer, type ExplorerOptions, startExplorer } from "../../src/node/server/start-explorer.ts";
import { wordnetNouns } from "../../src/node/wordnet-nouns.ts";
import { emojiOf, layOutEmoji } from "./emoji.ts";

/** A picture whose name would be markup, were it ever put into a page as it is. */
export const MARKUP_NAME = "<img src=x onerror=alert(1)>.png";

/** Enough common nouns that searches can tell what is far from all of them. */
const COMMON_WORDS = 600;

export interface ShownModel {
  /** The saved model. */
  readonly model: string;
  /** The folder of its pictures. */
  readonly photos: string;
  readonly cache: string;
}

/** Fits a model of 160 emoji, with captions and a column of each type, by the bundled embedding model. */
export async function fitShownModel(folder: string): Promise<ShownModel> {
  const photos = path.join(folder, "photos");
  const cache = path.join(folder, "cache");
  const model = path.join(folder, "emoji.concept");
  const kinds = ["Animals & Nature", "Food & Drink", "Flags", "Travel & Places"];
  const emoji = kinds.flatMap((kind) =>
    emojiOf("google")
      .filter(({ category }) => category === kind)
      .slice(0, 40),
  );
  const [first, ...others] = emoji;
  layOutEmoji(photos, others, "google");
  layOutEmoji(photos, [{ ...first!, short_name: MARKUP_NAME.replace(/\.png$/, "") }], "google");
  const table = path.join(folder, "about.csv");
  const lines = others.map(({ short_name, category }, i) => {
    const taken = i % 7 === 0 ? "" : new Date(Date.UTC(2019 + (i % 5), i % 12, 1 + (i % 28))).toISOString();
    return `${short_name}.png,"${category}",${taken},${i % 5 === 0 ? "" : i}`;
  });
  writeFileSync(table, ["file,kind,taken,weight", ...lines].join("\n"));
  const fitted = new ConceptModel({ embeddingModel: "mini", cache, minConceptSize: 8 });
  const metadata = { captions: ["filename"], columns: [table], key: "file" };
  const docs = [...(await wordnetNouns()).slice(0, COMMON_WORDS), "dog", "bird", "fish", "fruit", "flag"];
  await fitted.fit(photos, { docs, metadata });
  await fitted.save(model);
  await fitted.close();
  return { model, photos, cache };
}

/** A built page in small: what the server needs of one. */
export function layOutPage(folder: string): string {
  const page = path.join(folder, "page");
  mkdirSync(path.join(page, "assets"), { recursive: true });
  writeFileSync(path.join(page, "index.html"), "<!doctype html><title>Concepts</title>");
  writeFileSync(path.join(page, "assets/index-4f2a.js"), `console.log(${JSON.stringify("x".repeat(5000))});`);
  return page;
}

/** Starts an explorer at any free port; it is closed when the tests of the file are done. */
export async function openExplorer(model: string, options: ExplorerOptions = {}): Promise<Explorer> {
  const explorer = await startExplorer(model, { port: 0, ...options });
  afterAll(() => explorer.close());
  return explorer;
}

export interface Ear {
  readonly events: readonly ApiEvent[];
  /** Resolves when such an event was heard. */
  until(test: (event: ApiEvent) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Asks a running explorer. */
export class ExplorerClient {
  readonly base: string;

  constructor({ port }: Pick<Explorer, "port">) {
    this.base = `http://127.0.0.1:${port}`;
  }

  get(address: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.base}${address}`, { headers });
  }

  async json<Answer>(address: string): Promise<Answer> {
    const response = await this.get(address);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  post(address: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.base}${address}`, {
      method: "POST",
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  model(): Promise<ApiModel> {
    return this.json("/api/model");
  }

  /** Hears of what becomes of the model from now on. */
  async hear(): Promise<Ear> {
    const events: ApiEvent[] = [];
    const reader = (await this.get("/api/events")).body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    return {
      events,
      until: async (test) => {
        while (!events.some(test)) {
          const { value, done } = await reader.read();
          if (done) throw new Error("the events ended");
          const parts = (rest + value).split("\n\n");
          rest = parts.pop()!;
          for (const part of parts) if (part.startsWith("data: ")) events.push(JSON.parse(part.slice(6)));
        }
      },
      stop: () => reader.cancel(),
    };
  }

  /** An edit upon the present revision. */
  async edit(body: unknown): Promise<Response> {
    return this.post("/api/edits", body, { "If-Match": (await this.model()).revision });
  }
}

/** What a server answers to bytes as they are, until it ends the connection or falls silent. */
export function rawAnswer(port: number, request: string, silence = 500): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(silence, end);
    socket.on("error", end);
    socket.on("close", end);
    socket.on("data", (piece) => {
      answer += piece.toString("latin1");
    });
    socket.write(request, "latin1");
  });
}

/** Waits until this process has no file open below a folder; where the system does not tell, it ends at once. */
export async function untilClosed(folder: string): Promise<void> {
  if (!existsSync("/proc/self/fd")) return;
  const isOpen = (descriptor: string): boolean => {
    try {
      return readlinkSync(path.join("/proc/self/fd", descriptor)).startsWith(folder);
    } catch {
      return false;
    }
  };
  while (readdirSync("/proc/self/fd").some(isOpen)) await new Promise((resolve) => setTimeout(resolve, 20));
}
