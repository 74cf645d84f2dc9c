import { createHash, randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { FormatError, InputError } from "../../core/errors.ts";
import { makeFolder } from "../make-folder.ts";
import { isOutOfSpace, systemReason } from "../system-error.ts";

const FORMAT = "conceptmodel embedding cache";
const VERSION = 1;
const MAX_LABEL_BYTES = 1 << 16;

/**
 * The folder of one embedding model: named by a hash of the model's id, with a label (`cache.json`) that says
 * which model and how many dimensions.
 *
 * @throws FormatError when the label is damaged or of another model, InputError when the folder cannot be made
 */
export async function openCacheFolder(root: string, embedderId: string, dimensions: number): Promise<string> {
  const name = createHash("sha256").update(embedderId).digest("hex").slice(0, 32);
  const folder = path.join(root, "embeddings", name);
  const label = path.join(folder, "cache.json");
  const content = { format: FORMAT, version: VERSION, embedderId, dimensions };
  let found = await readLabel(label);
  if (found === undefined) {
    try {
      await makeFolder(folder);
      await writeWhole(label, `${JSON.stringify(content, null, 2)}\n`);
    } catch (error) {
      throw cacheWriteError(folder, error);
    }
    found = await readLabel(label);
  }
  const differing = Object.entries(content).find(([key, value]) => found?.[key] !== value);
  if (differing !== undefined) {
    const [key, value] = differing;
    throw new FormatError("The embedding cache does not fit the model", {
      expected: `${key} ${JSON.stringify(value)}`,
      found: JSON.stringify(found?.[key]) ?? "nothing",
      hint: `Delete the folder ${JSON.stringify(folder)}, or choose another cache with CONCEPT_CACHE.`,
    });
  }
  return folder;
}

/** What is said when the cache cannot be written. */
export function cacheWriteError(place: string, cause: unknown): InputError {
  const isFull = isOutOfSpace(cause);
  return new InputError("The embedding cache cannot be written", {
    found: `${systemReason(cause) ?? (cause instanceof Error ? cause.message : String(cause))} at ${JSON.stringify(place)}`,
    hint: isFull
      ? "What was embedded so far is kept: free some space and run again, or choose another place with CONCEPT_CACHE."
      : "Choose a folder you may write to with CONCEPT_CACHE.",
    cause,
  });
}

/** @returns `undefined` when there is none; an empty label when it is damaged */
async function readLabel(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    if ((await stat(file)).size > MAX_LABEL_BYTES) return {};
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (error) {
    const absent =
      error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    return absent ? undefined : {};
  }
}

/** Written beside its place and renamed: two processes at once, or a power cut, never leave half a label. */
async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
