import { stat } from "node:fs/promises";
import path from "node:path";
import { editLogFile, manifestFile } from "../saved-model/model-layout.ts";

/** A text that is another one when a saved model or its edits were written; null where there is no model. Reads nothing. */
export async function savedState(folder: string): Promise<string | null> {
  const manifest = await fileState(path.join(folder, manifestFile));
  return manifest === null ? null : `${manifest} ${await fileState(path.join(folder, editLogFile))}`;
}

async function fileState(file: string): Promise<string | null> {
  const stats = await stat(file, { bigint: true }).catch(() => null);
  return stats === null ? null : `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}
