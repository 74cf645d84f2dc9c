import { constants } from "node:fs";
import { access, lstat, readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import { makeFolder } from "../make-folder.ts";
import { unwritable } from "../unwritable.ts";
import { claimSaved, type SavedState } from "./edit-log.ts";
import { encodeModel } from "./encode-model.ts";
import { type Claim, recover, replaceFolder } from "./folder-swap.ts";
import { isManifest, manifestChecksum } from "./manifest.ts";
import { isModelFile, manifestFile } from "./model-layout.ts";

/** Options of `saveModel`. */
export interface SaveOptions {
  /** Whether a saved model that is already there is replaced; default true. Other folders never are. */
  readonly overwrite?: boolean | undefined;
  /**
   * What is known of the saved model that is replaced: where it was edited or replaced since, it is left as it is. Null: no model
   * was there. Default: whatever is there is replaced.
   */
  readonly replaces?: SavedState | null | undefined;
}

/**
 * Writes a model as a folder of open files: `model.json`, Parquet tables and `.npy` arrays, which pandas, DuckDB and
 * numpy read. Equal models give equal bytes. The folder is written beside its place, flushed to disk and renamed: a crash
 * at any point leaves the earlier model or the new one, and `loadModel` finds it.
 *
 * Two processes saving to one place at one time are not kept apart: one model wins, or one save fails.
 *
 * @param folder made with its parents where it is missing
 * @throws InputError when something is there that is no saved model, or is one and `overwrite` is false, or when the place cannot be
 * written, e.g. because the disk is full; ModelStateError (`EDITED_ELSEWHERE`) when what is there is not what `replaces` tells
 */
export async function saveModel(
  model: FittedModel,
  folder: string,
  options: SaveOptions = {},
): Promise<SavedModel> {
  const target = await followLink(folder);
  const files = await encodeModel(model);
  try {
    await recover(target);
    await assertReplaceable(target, options);
    const { replaces } = options;
    const claim: Claim | undefined =
      replaces === undefined ? undefined : (there) => claimSaved(there, replaces);
    await replaceFolder(target, files, claim);
  } catch (error) {
    throw unwritable(`The model cannot be saved to ${folder}`, error);
  }
  const manifest = new TextDecoder().decode(files.get(manifestFile)![0]);
  return { checksum: manifestChecksum(manifest)! };
}

/** What tells a saved model from others. */
export interface SavedModel {
  /** Of its `model.json`. */
  readonly checksum: string;
}

/**
 * Whether `saveModel` may write to a folder: there is nothing, an empty folder, or a saved model and nothing else.
 * To be asked before a long fit.
 *
 * @throws InputError naming what is in the way
 */
export async function assertReplaceable(
  folder: string,
  { overwrite = true }: SaveOptions = {},
): Promise<void> {
  const target = await followLink(folder);
  const stats = await lstat(target).catch(() => null);
  if (stats === null) return assertFolderCanBeMade(folder, dirname(target));
  if (!stats.isDirectory()) throw inTheWay(folder, "a file");
  const entries = await listFolder(target);
  if (entries.length === 0) return;
  const manifest = await readFile(join(target, manifestFile), "utf8").catch(() => "");
  if (!isManifest(manifest)) throw inTheWay(folder, "a folder that is no saved model");
  const foreign = entries.find((entry) => !isModelFile(entry));
  if (foreign !== undefined) throw inTheWay(folder, `a saved model with a file of yours, ${foreign}`);
  if (!overwrite) throw inTheWay(folder, "a saved model");
}

/** A fit may take hours: better to hear before it than after it that its result has no place. */
async function assertFolderCanBeMade(folder: string, parent: string): Promise<void> {
  try {
    await makeFolder(parent);
    await access(parent, constants.W_OK);
  } catch (cause) {
    throw unwritable(`The model cannot be saved to ${folder}`, cause);
  }
}

/** Names two levels deep, with `/` between; deeper folders are in the way as they are. */
async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name];
    const inner = await readdir(join(folder, entry.name), { withFileTypes: true });
    const names = inner.map((file) => `${entry.name}/${file.name}${file.isDirectory() ? "/" : ""}`);
    return [entry.name, ...names];
  });
  return (await Promise.all(lists)).flat();
}

/** A link to a folder is the user's way to keep models elsewhere: the model is replaced there, the link stays. */
async function followLink(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}

/** Whether two folders are one, by whatever links they are named. */
export async function isSamePlace(one: string, other: string): Promise<boolean> {
  return (await followLink(one)) === (await followLink(other));
}

function inTheWay(folder: string, found: string): InputError {
  return new InputError(`The model is not saved to ${folder}`, {
    expected: "no folder, an empty one or an earlier saved model",
    found,
    hint: "Choose another folder, or move away what is there.",
  });
}
