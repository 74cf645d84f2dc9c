import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { defaultCacheRoot } from "../cache/cache-root.ts";
import type { ChatEndpoint, ChatMessage } from "./chat-endpoint.ts";

const MAX_BYTES = 1 << 20;

/**
 * Answers of language models on disk, `ROOT/answers/<hash>.json`, by the hash of address, model and prompt, pictures included:
 * the same question is asked once. A cache that cannot be read or written is none; it never fails a run.
 */
export class AnswerCache {
  private readonly folder: string;

  /** @param root default `defaultCacheRoot()` */
  constructor(root: string = defaultCacheRoot()) {
    this.folder = path.join(root, "answers");
  }

  async get(endpoint: ChatEndpoint, messages: readonly ChatMessage[]): Promise<string | null> {
    try {
      const text = await readFile(this.fileOf(endpoint, messages), "utf8");
      const value: unknown = text.length > MAX_BYTES ? null : JSON.parse(text);
      const answer = (value as { answer?: unknown } | null)?.answer;
      return typeof answer === "string" ? answer : null;
    } catch {
      return null;
    }
  }

  async put(endpoint: ChatEndpoint, messages: readonly ChatMessage[], answer: string): Promise<void> {
    const file = this.fileOf(endpoint, messages);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(temporary, JSON.stringify({ model: endpoint.model, answer }));
      await rename(temporary, file);
    } catch {
      // It will be asked again.
    }
  }

  private fileOf({ url, model }: ChatEndpoint, messages: readonly ChatMessage[]): string {
    const key = createHash("sha256").update(JSON.stringify({ url, model, messages })).digest("hex");
    return path.join(this.folder, `${key}.json`);
  }
}
