import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../make-folder.ts";
import type { Arrangement } from "./encoder-pool.ts";

const NAME = "arrangements.json";

/** What was measured on this machine before; undefined for nothing, or nothing readable: it is measured again. */
export async function readArrangement(root: string, key: string): Promise<Arrangement | undefined> {
  const value = (await readAll(root))[key];
  if (typeof value !== "object" || value === null) return undefined;
  const { sessions, threads, batch } = value as Record<string, unknown>;
  return isCount(sessions, 64) && isCount(threads, 1024) && isCount(batch, 256)
    ? { sessions, threads, batch }
    : undefined;
}

/** Keeps it for the next run. What cannot be written is only measured again. */
export async function writeArrangement(root: string, key: string, arrangement: Arrangement): Promise<void> {
  const file = path.join(root, NAME);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await makeFolder(root);
    const all = { ...(await readAll(root)), [key]: arrangement };
    await writeFile(temporary, `${JSON.stringify(all, null, 1)}\n`);
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function readAll(root: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(root, NAME), "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}
