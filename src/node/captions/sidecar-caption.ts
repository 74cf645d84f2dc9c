import { open } from "node:fs/promises";
import { decodeText } from "../decode-text.ts";
import { systemErrorCode } from "../system-error.ts";

/** Captions are sentences; a larger file is something else. */
const MAX_SIDECAR_BYTES = 1 << 20;

/**
 * The captions beside a picture: each line that is not blank of `a.txt` (or else of `a.jpg.txt`) for `a.jpg`.
 *
 * @param file absolute path of the picture
 * @returns [] where there is no such file; null where there is one that cannot be read
 */
export async function sidecarCaptions(file: string): Promise<string[] | null> {
  for (const name of [file.replace(/\.[^./\\]*$/, ".txt"), `${file}.txt`]) {
    if (name === file) continue;
    try {
      const text = await readText(name);
      return text === null ? null : text.split(/\r?\n|\r/).filter((line) => line.trim() !== "");
    } catch (error) {
      if (!["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(systemErrorCode(error))) return null;
    }
  }
  return [];
}

async function readText(name: string): Promise<string | null> {
  const handle = await open(name, "r");
  try {
    const status = await handle.stat();
    if (!status.isFile() || status.size > MAX_SIDECAR_BYTES) return null;
    return decodeText(await handle.readFile()).replace(/^\uFEFF/, "");
  } finally {
    await handle.close();
  }
}
