import path from "node:path";
import { type FoundImages, findImages } from "./find-images.ts";

/** Found pictures, and under which name each path given by the caller is listed. */
export interface Collection extends FoundImages {
  nameOf(given: string): string;
}

/**
 * Looks for pictures in folders and files, named relative to the folder they share, so that no name is
 * absolute and a model can move with its pictures.
 *
 * @param inputs a folder, or paths of pictures and folders
 * @throws InputError when nothing of `inputs` exists
 */
export async function findCollection(
  inputs: string | readonly string[],
  work: { readonly signal?: AbortSignal | undefined },
): Promise<Collection> {
  const given = (typeof inputs === "string" ? [inputs] : inputs).map((input) => path.resolve(input));
  const found = await findImages(given, { base: sharedFolder(given), signal: work.signal });
  return { ...found, nameOf: (name) => slashed(path.relative(found.root, path.resolve(name))) };
}

/**
 * Paths as names below the folder they share; the files need not exist.
 *
 * @returns `paths` relative to `root`, parts joined with `/`, in the order given
 */
export function pathsBelowShared(paths: readonly string[]): { root: string; paths: string[] } {
  const absolute = paths.map((name) => path.resolve(name));
  const root = sharedFolder(absolute);
  return { root, paths: absolute.map((name) => slashed(path.relative(root, name))) };
}

function slashed(name: string): string {
  return name.split(path.sep).join("/");
}

/** The deepest folder that holds all paths. */
function sharedFolder(paths: readonly string[]): string {
  if (paths.length === 0) return path.resolve(".");
  const split = paths.map((name) => path.dirname(name).split(path.sep));
  const shared = split.reduce((common, parts) => {
    const end = common.findIndex((part, i) => part !== parts[i]);
    return end === -1 ? common : common.slice(0, end);
  });
  return shared.join(path.sep) || path.sep;
}
