import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FormatError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import {
  applyEditLog,
  decodeModel,
  decodeTables,
  isTable,
  type LoadedModel,
  type TabledModel,
} from "./decode-model.ts";
import { type SavedState, stateIn } from "./edit-log.ts";
import { findInterrupted } from "./folder-swap.ts";
import { manifestFile } from "./model-layout.ts";
import { readModelFiles } from "./model-reader.ts";
import type { RegisteredStages } from "./restore-stages.ts";

// A model that is saved again and again while it is read: each try sees another folder.
const maximalTries = 20;

/**
 * Loads what `saveModel` wrote; executes nothing. Every file's length and sha-256 are checked, then every shape against
 * the others and every index against what it indexes, so that a damaged or forged folder is refused and never
 * gives wrong answers. After a save that crashed, the model that was there before is found and loaded.
 *
 * @param registered the implementations that the saved stages may name by their kind
 * @throws FormatError (BAD_MODEL) naming the file that is missing, half-written, damaged, forged or of an unknown version
 */
export async function loadModel(folder: string, registered: RegisteredStages): Promise<FittedModel> {
  return (await loadSavedModel(folder, registered)).model;
}

/** A saved model of which only the tables have been read and checked. */
export interface ModelTables {
  readonly model: TabledModel;
  /** Of its `model.json`. */
  readonly checksum: string;
  readonly hasWords: boolean;
  /** Whether there are edits, of which the tables know nothing. */
  readonly isEdited: boolean;
}

export interface LoadOptions extends Pick<WorkOptions, "signal"> {
  /** What of the model is known already: it is not read again, unless the model is another one by now. */
  readonly tables?: ModelTables | undefined;
}

/** Which fit is in a folder, with which edits; null where no model is. @throws FormatError for a damaged log */
export async function readSavedState(folder: string): Promise<SavedState | null> {
  const target = resolve(folder);
  const hasModel = async (): Promise<boolean> => (await identity(join(target, manifestFile))) !== null;
  // The second rename of a save may come between two looks.
  if (!(await hasModel()) && (await findInterrupted(target)) === null && !(await hasModel())) return null;
  return readFolder(folder, async (source) => {
    const state = await stateIn(source);
    if (state === null) throw noModel(target);
    return state;
  });
}

/** Reads the tables of a saved model and nothing else; `loadSavedModel` can go on from there. @throws FormatError as `loadModel` */
export async function loadTables(folder: string): Promise<ModelTables> {
  const files = await readFolder(folder, (source) => readModelFiles(source, isTable));
  return {
    model: decodeTables(files),
    checksum: files.checksum,
    hasWords: files.manifest.counts.words !== null,
    isEdited: files.editLog !== null,
  };
}

/** As `loadModel`, with what is needed to write edits to the same place. @throws the signal's reason */
export async function loadSavedModel(
  folder: string,
  registered: RegisteredStages,
  { tables, ...work }: LoadOptions = {},
): Promise<LoadedModel> {
  const wants = (file: string): boolean => tables === undefined || !isTable(file);
  const files = await readFolder(folder, (source) => readModelFiles(source, wants, work));
  if (tables !== undefined && files.checksum !== tables.checksum)
    return loadSavedModel(folder, registered, work);
  return applyEditLog(await decodeModel(files, registered, tables?.model, work), files);
}

/** As `loadSavedModel`, reading only the edits where the fit is the one that is known. */
export async function reloadSavedModel(
  folder: string,
  registered: RegisteredStages,
  known: { readonly base: FittedModel; readonly checksum: string },
): Promise<LoadedModel> {
  const files = await readFolder(folder, (source) => readModelFiles(source, () => false));
  return files.checksum === known.checksum
    ? applyEditLog(known.base, files)
    : loadSavedModel(folder, registered);
}

/**
 * What `read` makes of a saved model's folder, wherever a save that crashed has left it; again where the model was replaced while
 * it was read.
 *
 * @throws FormatError (BAD_MODEL) where there is none, and the errors of `read`
 */
export async function readFolder<Read>(
  folder: string,
  read: (source: string) => Promise<Read>,
): Promise<Read> {
  const target = resolve(folder);
  for (let tries = 1; ; tries++) {
    const before = await identity(target);
    const source = before === null ? (await findInterrupted(target))?.path : target;
    try {
      if (source !== undefined) return await read(source);
      if (tries > 1) throw noModel(target);
    } catch (error) {
      // A folder that changed its place in the meantime was being replaced, which is no damage.
      if (tries >= maximalTries || (before !== null && (await identity(target)) === before)) throw error;
      if (before === null && tries > 1 && (await identity(target)) === null) throw error;
    }
  }
}

/** Tells a folder, or a file, from the one that takes its place. */
async function identity(folder: string): Promise<string | null> {
  const stats = await stat(folder, { bigint: true }).catch(() => null);
  return stats === null ? null : `${stats.dev}:${stats.ino}:${stats.birthtimeNs}:${stats.mtimeNs}`;
}

function noModel(folder: string): FormatError {
  const details = { expected: "the folder of a saved model", found: "nothing", hint: "Check the path." };
  return new FormatError(`There is no saved model at ${folder}`, details, "BAD_MODEL");
}
