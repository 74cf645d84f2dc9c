import { stat } from "node:fs/promises";
import path from "node:path";

/**
 * Where a picture is, as one text: an absolute path (`/photos/a.jpg`), an entry of a file that holds pictures
 * (`/photos/old.zip!/b/c.jpg`), or an address (`https://host/a.jpg`, `s3://bucket/a.jpg`).
 */
export type Location = string;

/** Between a file that holds pictures and the entry's name in it. */
const INSIDE = "!/";

export function isAddress(location: Location): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//.test(location);
}

export function entryLocation(container: string, entry: string): Location {
  return container + INSIDE + entry;
}

/** The location of a picture of a model by its path there. */
export function locate(root: string, name: string): Location {
  if (isAddress(name)) return name;
  // Not path.join where there may be an entry: it would tidy up the entry's name.
  return name.includes(INSIDE) ? `${root.replace(/[\\/]$/, "")}/${name}` : path.join(root, name);
}

/** The path in a model of a location: below `root` where it is there, else as it is. */
export function nameBelow(root: string, location: Location): string {
  if (isAddress(location)) return location;
  // An entry's name stays as it is, however odd.
  const end = location.includes(INSIDE) ? location.indexOf(INSIDE) : location.length;
  const relative =
    path.relative(root, location.slice(0, end)).split(path.sep).join("/") + location.slice(end);
  return relative.startsWith("../") || relative === ".." || path.isAbsolute(relative) ? location : relative;
}

/** Whether a location may be that of an entry; a plain file of such a name goes before it. */
export function mayBeEntry(location: Location): boolean {
  return !isAddress(location) && location.includes(INSIDE);
}

/** The file on this machine that has a picture; null for an address. */
export async function fileOf(location: Location): Promise<string | null> {
  if (isAddress(location)) return null;
  return (await splitEntry(location))?.container ?? location;
}

/**
 * The file that holds an entry, and the entry's name in it: of all the places where the location can be cut, the first
 * with a file before it. Null where there is none.
 */
export async function splitEntry(
  location: Location,
): Promise<{ readonly container: string; readonly entry: string } | null> {
  if (!mayBeEntry(location)) return null;
  for (let at = location.indexOf(INSIDE); at !== -1; at = location.indexOf(INSIDE, at + 1)) {
    const container = location.slice(0, at);
    const isFile = await stat(container).then(
      (status) => status.isFile(),
      () => false,
    );
    if (isFile) return { container, entry: location.slice(at + INSIDE.length) };
  }
  return null;
}
