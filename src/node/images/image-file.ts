import type { Location } from "../inputs/location.ts";
import type { SkipCode } from "./unusable-picture.ts";

/** A file that may be a picture. */
export interface ImageFile {
  /** Name shown and saved: relative to the root, parts joined with `/`; an address as it is. */
  readonly path: string;
  /** Where to read it from. */
  readonly location: Location;
}

/** Something that was asked for and did not make it. */
export interface SkippedFile {
  readonly path: string;
  /** Why, in a word that programs can switch on. */
  readonly code: SkipCode;
  /** Why, in a few words for people, e.g. `"empty file"`. */
  readonly reason: string;
}

/** Sorts in place by the bytes of the UTF-8 path, so the order is the same on every machine and locale. */
export function sortByPathInPlace(files: { readonly path: string }[]): void {
  const keys = new Map(files.map((file) => [file, Buffer.from(file.path)]));
  files.sort((a, b) => Buffer.compare(keys.get(a)!, keys.get(b)!));
}
