import { strToU8, Zip, ZipPassThrough } from "fflate";
import type { PicturePlace } from "../export/picture-places.ts";
import { fileReason } from "../images/file-reason.ts";
import { ApiFault } from "./api-fault.ts";
import type { ModelView } from "./model-view.ts";
import type { OpenPicture } from "./open-picture.ts";
import { openPictureFile } from "./picture-file.ts";

/** What the format can hold without its extension for large archives, with room for the directory at the end. */
const MOST_FILES = 65_000;
const MOST_BYTES = 2 ** 32 - 2 ** 26;

/** Years that the format can write. */
const EARLIEST = new Date(1980, 1, 1);
const LATEST = new Date(2099, 1, 1);

/** @throws ApiFault (413) when the pictures are too many for one archive */
export function checkZipSize({ fitted }: ModelView, places: readonly PicturePlace[]): void {
  const bytes = places.reduce((sum, { row }) => sum + fitted.images.bytes[row]!, 0);
  if (places.length <= MOST_FILES && bytes <= MOST_BYTES) return;
  throw tooLarge(`One archive holds ${MOST_FILES} pictures and 4 GB at most`);
}

/**
 * A zip of copies, piece by piece: no more than one piece of one picture is in memory. Pictures are not compressed again. Those that
 * cannot be read are listed in `skipped.txt`.
 */
export async function* pictureZip(
  view: ModelView,
  places: readonly PicturePlace[],
): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    made.push(piece);
  });
  const skipped: string[] = [];
  let total = 0;
  for (const { row, folder, name } of places) {
    const opened = await openPictureFile(view, row).catch((error: unknown) => error);
    if (!isOpen(opened)) {
      skipped.push(`${view.fitted.images.paths[row]}: ${fileReason(opened)}`);
      continue;
    }
    const entry = new ZipPassThrough(`${folder}/${name}`);
    entry.mtime = clamped(opened.modified);
    zip.add(entry);
    for await (const piece of opened.pieces(0, Number.MAX_SAFE_INTEGER)) {
      total += (piece as Uint8Array).length;
      if (total > MOST_BYTES) throw tooLarge("The pictures have grown: they do not fit into one archive");
      entry.push(piece);
      yield* made.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* made.splice(0);
  }
  if (skipped.length > 0) {
    const list = new ZipPassThrough("skipped.txt");
    zip.add(list);
    list.push(strToU8(`${skipped.join("\n")}\n`), true);
  }
  zip.end();
  yield* made;
}

function tooLarge(message: string): ApiFault {
  const hint = "Select fewer, or use concept export --to folders.";
  return new ApiFault(413, { code: "TOO_LARGE", message, hint });
}

function isOpen(opened: unknown): opened is OpenPicture {
  return typeof opened === "object" && opened !== null && "pieces" in opened;
}

function clamped(date: Date): Date {
  return date < EARLIEST ? EARLIEST : date > LATEST ? LATEST : date;
}
