import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { FormatError } from "../../core/errors.ts";
import { type ImageFormat, sniffImageFormat } from "../images/image-format.ts";
import { systemErrorCode } from "../system-error.ts";
import { ApiFault, notFound } from "./api-fault.ts";
import type { ModelView } from "./model-view.ts";

/** An open file of a picture; whoever has it closes it. */
export interface PictureFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** As its first bytes say; undefined for none that is known. */
  readonly format: ImageFormat | undefined;
}

/** First bytes of a file, enough to tell its format. */
const HEAD_BYTES = 512;

/**
 * Opens the file of a row. A link that leads out of the folder of the pictures is followed only to the very content that was fitted:
 * whatever has been put in a picture's place since, no other file of the machine is given away.
 *
 * @throws ApiFault (404) without files, (410) when the file has gone or cannot be read, (403) for another file behind a link
 */
export async function openPictureFile({ fitted, root }: ModelView, row: number): Promise<PictureFile> {
  if (root === null) throw notFound("The pictures of this model are no files");
  const file = path.join(root, fitted.images.paths[row]!);
  const handle = await openReadable(file);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw gone("It is no file any more");
    const isOurs = (await isBelow(file, root, stats)) || (await contentId(handle)) === fitted.images.ids[row];
    if (!isOurs) {
      throw new ApiFault(403, {
        code: "OUTSIDE",
        message: "The picture has become a link to another file, outside of the folder of the pictures",
      });
    }
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return { handle, stats, format: sniffImageFormat(head.subarray(0, bytesRead)) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of the file of a row. @throws FormatError where `openPictureFile` says that it is not to be had */
export async function readPictureFile(view: ModelView, row: number): Promise<Uint8Array> {
  try {
    const { handle } = await openPictureFile(view, row);
    return await handle.readFile().finally(() => handle.close());
  } catch (error) {
    throw error instanceof ApiFault ? new FormatError(error.message, { cause: error }) : error;
  }
}

async function openReadable(file: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemErrorCode(error);
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(code))
      throw gone("The file is not there any more");
    if (["EACCES", "EPERM"].includes(code)) throw gone("The file cannot be read: permission denied");
    throw error;
  }
}

/** Whether the file that was opened lies below a folder, links resolved. */
async function isBelow(file: string, root: string, opened: Stats): Promise<boolean> {
  try {
    const [place, folder] = await Promise.all([realpath(file), realpath(root)]);
    const below = path.relative(folder, place);
    if (below === "" || below.startsWith("..") || path.isAbsolute(below)) return false;
    // What is there now may not be what was opened.
    const { dev, ino } = await stat(place);
    return dev === opened.dev && ino === opened.ino;
  } catch {
    return false;
  }
}

async function contentId(handle: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of handle.createReadStream({ start: 0, autoClose: false }))
    hash.update(piece as Buffer);
  return hash.digest("hex");
}

function gone(message: string): ApiFault {
  return new ApiFault(410, { code: "PICTURE_GONE", message });
}
