import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { FormatError } from "../../core/errors.ts";
import type { ApiImage } from "../../core/explorer/api.ts";
import { fileReason } from "../images/file-reason.ts";
import { needsView, viewable } from "../images/viewable.ts";
import { fileOf, isAddress, type Location, locate, splitEntry } from "../inputs/location.ts";
import { readPicture } from "../inputs/read-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { ApiFault, notFound } from "./api-fault.ts";
import type { ModelView } from "./model-view.ts";
import { filePicture, memoryPicture, type OpenPicture } from "./open-picture.ts";

/**
 * Opens the picture of a row: a file, the entry of an archive, or whatever else the fit read. What lies in the folder of the pictures
 * is given as it is now. What does not, because a link leads out of it, is given only where it is the very content that was fitted:
 * whatever has been put in a picture's place since, no other file of the machine is given away.
 *
 * @throws ApiFault (404) without files, (410) when it has gone or cannot be read, (403) for another file behind a link
 */
export async function openPictureFile({ fitted, root }: ModelView, row: number): Promise<OpenPicture> {
  if (root === null) throw notFound("The pictures of this model are no files");
  const { paths, ids } = fitted.images;
  const location = locate(root, paths[row]!);
  const place = isAddress(location) ? null : await splitEntry(location);
  if (place !== null || isAddress(location) || needsView(location)) {
    const file = isAddress(location) ? undefined : (place?.container ?? location);
    return openEntry(location, file, root, ids[row]!);
  }
  const handle = await openReadable(location);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw gone("It is no file any more");
    const isOurs = (await isBelow(location, root, stats)) || (await contentId(handle)) === ids[row];
    if (!isOurs) throw outside();
    return await filePicture(handle, stats);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of the picture of a row. @throws FormatError where `openPictureFile` says that it is not to be had */
export async function readPictureFile(view: ModelView, row: number): Promise<Uint8Array> {
  try {
    const picture = await openPictureFile(view, row);
    return await picture.bytes().finally(() => picture.close());
  } catch (error) {
    throw error instanceof ApiFault ? new FormatError(error.message, { cause: error }) : error;
  }
}

/** Whether the file of a row is there, as far as can be told without reading it. */
export async function pictureState({ fitted, root }: ModelView, row: number): Promise<ApiImage["file"]> {
  if (root === null) return "none";
  const location = locate(root, fitted.images.paths[row]!);
  const file = await fileOf(location);
  if (file === null) return "present";
  const stats = await stat(file).catch(() => null);
  if (stats === null || !stats.isFile()) return "missing";
  const bytes = fitted.images.bytes[row]!;
  return file !== location || bytes === 0 || stats.size === bytes ? "present" : "changed";
}

/** @param container the file that it is in, or that it is itself; undefined on the web */
async function openEntry(
  location: Location,
  container: string | undefined,
  root: string,
  id: string,
): Promise<OpenPicture> {
  const stats = container === undefined ? null : await stat(container).catch(() => null);
  const cannotBeRead = (error: unknown): never => {
    throw gone(`It cannot be read: ${fileReason(error)}`);
  };
  const picture = await readPicture(location).catch(cannotBeRead);
  const isNear = stats !== null && (await isBelow(container!, root, stats));
  if (!isNear && picture.id !== id) throw outside();
  const bytes = await viewable(location, picture.bytes).catch(cannotBeRead);
  return memoryPicture({ id: picture.id, bytes }, stats?.mtime ?? new Date());
}

async function openReadable(file: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemErrorCode(error);
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(code))
      throw gone("The file is not there any more");
    if (["EACCES", "EPERM", "ENXIO"].includes(code)) throw gone("The file cannot be read");
    throw error;
  }
}

/** Whether the file that was opened lies below a folder, links resolved. */
async function isBelow(file: string, root: string, opened: Stats): Promise<boolean> {
  try {
    const [place, folder] = await Promise.all([realpath(file), realpath(root)]);
    const below = path.relative(folder, place);
    if (below === "" || below === ".." || below.startsWith(`..${path.sep}`) || path.isAbsolute(below))
      return false;
    // What is there now may not be what was opened.
    const { dev, ino } = await stat(place);
    return dev === opened.dev && ino === opened.ino;
  } catch {
    return false;
  }
}

async function contentId(handle: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const pieces = handle.createReadStream({ start: 0, autoClose: false });
  for await (const piece of pieces) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function gone(message: string): ApiFault {
  return new ApiFault(410, { code: "PICTURE_GONE", message });
}

function outside(): ApiFault {
  return new ApiFault(403, {
    code: "OUTSIDE",
    message: "The picture has become a link to another file, outside of the folder of the pictures",
  });
}
