import { lstat, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "../../core/errors.ts";
import { writeWholeFile } from "../export/fresh-folder.ts";
import { thumbnailFolder } from "../saved-model/model-layout.ts";
import { openRegularFile } from "../saved-model/model-reader.ts";
import { systemErrorCode } from "../system-error.ts";
import { isRecorded, parseRecord, recordOf, type Sheet, type SheetRecord } from "./sheet.ts";
import { isSheet } from "./sheet-canvas.ts";
import { SHEET_LEVELS, type SheetLevel } from "./sheet-layout.ts";

const MOST_RECORD_BYTES = 4 * 2 ** 20;
const MOST_SHEET_BYTES = 32 * 2 ** 20;

/**
 * Sheets on disk: `thumbnails/KEY/LEVEL/INDEX.webp` in a model's folder, each with a record beside it (`INDEX.json`: length,
 * SHA-256, pictures missing). A sheet counts only when its record agrees, so a crash between the two files, or any damage,
 * leaves a sheet that is drawn again. Links are not followed, neither for reading nor for writing.
 */
export class SheetFiles {
  private readonly folder: string;
  private readonly key: string;
  private readonly isOnSheet: (level: SheetLevel, index: number, row: number) => boolean;

  /** @param isOnSheet whether a row's picture is on a sheet: what is read may be forged */
  constructor(
    folder: string,
    key: string,
    isOnSheet: (level: SheetLevel, index: number, row: number) => boolean,
  ) {
    this.folder = folder;
    this.key = key;
    this.isOnSheet = isOnSheet;
  }

  /** The sheet, checked against its record; null where there is none, or none whole. */
  async read(level: SheetLevel, index: number): Promise<Sheet | null> {
    const record = await this.readRecord(level, index);
    const bytes = record && (await this.readBytes(`${level}/${index}.webp`, MOST_SHEET_BYTES));
    if (bytes === null || !isRecorded(bytes, record!) || !(await isSheet(bytes))) return null;
    return { bytes, gaps: record!.gaps };
  }

  /** A look at a sheet: its record where a file of the right length is beside it, else null. */
  async look(level: SheetLevel, index: number): Promise<SheetRecord | null> {
    const record = await this.readRecord(level, index);
    if (record === null) return null;
    const file = join(this.folder, thumbnailFolder, this.key, String(level), `${index}.webp`);
    const stats = await lstat(file).catch(() => null);
    return stats?.isFile() && stats.size === record.bytes ? record : null;
  }

  /** @returns whether the sheet could be written: not where the folder is read-only, full, gone, or a link leads out of it */
  async write(level: SheetLevel, index: number, sheet: Sheet): Promise<boolean> {
    try {
      let place = await realpath(this.folder);
      for (const part of [thumbnailFolder, this.key, String(level)]) {
        place = join(place, part);
        if (!(await isPlainFolder(place))) return false;
      }
      await writeWholeFile(join(place, `${index}.webp`), [sheet.bytes]);
      await writeWholeFile(join(place, `${index}.json`), [JSON.stringify(recordOf(sheet))]);
      return true;
    } catch (error) {
      if (systemErrorCode(error) === "") throw error;
      return false;
    }
  }

  /** Deletes the sheets of other versions of the model, and what crashed writes have left of these. */
  async removeOthers(): Promise<void> {
    const place = join(this.folder, thumbnailFolder);
    if (!(await isThere(place))) return;
    const keys = await readdir(place).catch(() => []);
    const others = keys.filter((name) => /^[0-9a-f]{32}$/.test(name) && name !== this.key);
    for (const name of others) await removeQuietly(join(place, name));
    if (!(await isThere(join(place, this.key)))) return;
    for (const level of SHEET_LEVELS) {
      const own = join(place, this.key, String(level));
      const names = (await isThere(own)) ? await readdir(own).catch(() => []) : [];
      const halves = names.filter((name) => /^\..*\.tmp$/.test(name));
      for (const name of halves) await removeQuietly(join(own, name));
    }
  }

  private async readRecord(level: SheetLevel, index: number): Promise<SheetRecord | null> {
    const bytes = await this.readBytes(`${level}/${index}.json`, MOST_RECORD_BYTES);
    if (bytes === null) return null;
    return parseRecord(new TextDecoder().decode(bytes), (row) => this.isOnSheet(level, index, row));
  }

  private async readBytes(name: string, most: number): Promise<Uint8Array | null> {
    try {
      const handle = await openRegularFile(this.folder, `${thumbnailFolder}/${this.key}/${name}`);
      try {
        return (await handle.stat()).size <= most ? await handle.readFile() : null;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof FormatError || systemErrorCode(error) !== "") return null;
      throw error;
    }
  }
}

/** Makes a folder where there is nothing. @returns false when something else is there; the folder above it must exist */
async function isPlainFolder(folder: string): Promise<boolean> {
  await mkdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  });
  return isThere(folder);
}

async function isThere(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null);
  return stats?.isDirectory() === true;
}

/** Leftovers are no reason to fail. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
