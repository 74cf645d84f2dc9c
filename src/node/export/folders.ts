import { constants } from "node:fs";
import { copyFile, link, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { skippedFile } from "../images/file-reason.ts";
import type { SkippedFile } from "../images/image-file.ts";
import { orderedMap } from "../images/ordered-map.ts";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { fileOf, type Location } from "../inputs/location.ts";
import { readPicture } from "../inputs/read-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { writeFreshFolder } from "./fresh-folder.ts";
import { type PicturePlace, picturePlaces } from "./picture-places.ts";
import { imageFile, shownConcepts } from "./shown-concepts.ts";

/** How a picture gets into a folder: a link that names its place, a second name of the same file, or a copy. */
export type LinkKind = "symlink" | "hard" | "copy";

export interface FolderExport {
  readonly folders: number;
  /** How the pictures got there. Where a link was not to be had, they were copied. */
  readonly files: Readonly<Record<LinkKind, number>>;
  readonly skipped: readonly SkippedFile[];
}

/** What the systems say when a kind of link cannot be had between two places. */
const NO_LINK = ["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EACCES", "ENOSYS"];
const AT_ONCE = 16;

/**
 * Makes a folder for each concept, called by its name, with its pictures; those in none are in `unclustered`. Hidden
 * concepts are left out. Names are made safe for every system, and numbered where they meet.
 *
 * @param target a folder that is not there yet, or empty
 * @throws InputError when it is not, or when the pictures of the model are no files
 */
export async function exportFolders(
  model: FittedModel,
  target: string,
  options: WorkOptions & { readonly link?: LinkKind | undefined } = {},
): Promise<FolderExport> {
  if (model.images.root === null) {
    throw new InputError("The pictures of this model are no files", {
      expected: "a model fitted on pictures",
      found: "one fitted on vectors with names only",
    });
  }
  return writeFreshFolder(target, async (fresh) => {
    const places = plannedPlaces(model);
    for (const folder of new Set(places.map(({ folder: name }) => name)))
      await mkdir(path.join(fresh, folder));
    const files = { symlink: 0, hard: 0, copy: 0 };
    const skipped: SkippedFile[] = [];
    let done = 0;
    const outcomes = orderedMap(places, { concurrency: AT_ONCE, ahead: 8 * AT_ONCE }, async (place) => {
      options.signal?.throwIfAborted();
      return placeFile(place.source, path.join(fresh, place.folder, place.name), options.link ?? "symlink");
    });
    for await (const outcome of outcomes) {
      if (typeof outcome === "string") files[outcome]++;
      else skipped.push(outcome);
      options.onProgress?.(++done / places.length);
    }
    return { folders: new Set(places.map(({ folder }) => folder)).size, files, skipped };
  });
}

interface Place extends PicturePlace {
  readonly source: Location;
}

function plannedPlaces(model: FittedModel): Place[] {
  const groups = shownConcepts(model).map(({ concept, name }) => ({ id: concept.id, name }));
  const places = picturePlaces(model.images, groups);
  return places.map((place) => ({ ...place, source: imageFile(model.images, place.row)! }));
}

/** What is inside another file or elsewhere cannot be linked to. */
async function writePicture(source: Location, target: string): Promise<LinkKind> {
  const { bytes } = await readPicture(source);
  await writeFile(target, bytes, { flag: "wx" });
  return "copy";
}

async function placeFile(source: Location, target: string, kind: LinkKind): Promise<LinkKind | SkippedFile> {
  try {
    if ((await fileOf(source)) !== source) return await writePicture(source, target);
    // A model from a stranger may name a device, whose copy would never end.
    if (!(await stat(source)).isFile()) return { path: source, code: "not-a-file", reason: "not a file" };
    if (kind === "copy") {
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      return "copy";
    }
    if (kind === "hard") await link(source, target);
    else await symlink(source, target);
    return kind;
  } catch (error) {
    if (kind !== "copy" && NO_LINK.includes(systemErrorCode(error))) return placeFile(source, target, "copy");
    const isPicturesFault =
      error instanceof UnusablePicture ||
      ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP"].includes(systemErrorCode(error));
    if (isPicturesFault) {
      return skippedFile(source, error);
    }
    throw error;
  }
}
