import { stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { type ImageFile, type SkippedFile, sortByPathInPlace } from "../images/image-file.ts";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { RAW_EXTENSIONS } from "../images/viewable.ts";
import { containerKindOf } from "./container-kinds.ts";
import { ExcludeRules } from "./exclude.ts";
import { listFolders, skipOf } from "./folder.ts";
import type { InputMetadata, Listed, ListedPicture, ListOptions } from "./input.ts";
import { entryLocation, isAddress, type Location, nameBelow, splitEntry } from "./location.ts";
import { isS3, listS3 } from "./s3.ts";
import { absoluteLocation, type SortedInputs, sortInputs } from "./sort-inputs.ts";
import type { WebOptions } from "./web.ts";

/** Extensions tried as pictures; what the decoder cannot read is listed with the reason. */
const IMAGE_EXTENSIONS: readonly string[] = [
  ..."jpg jpeg jpe jfif png webp gif tif tiff avif bmp heic heif".split(" "),
  ...RAW_EXTENSIONS,
];

/** What of the inputs is taken, and how they are read. */
export interface CollectionOptions extends Pick<WebOptions, "allowPrivateAddresses"> {
  /** What is left out, in the language of `.gitignore`, relative to each folder or archive. */
  readonly exclude?: readonly string[] | undefined;
  /** The column of tables that has the pictures; default `image`, `path`, `file_name`, `url` ..., or the only one with bytes. */
  readonly imageColumn?: string | undefined;
  /** Seconds between the frames taken of a video, or `"scenes"` for one of each scene; default 5. */
  readonly frames?: number | "scenes" | undefined;
  /** Whether drawings (SVG) are pictures too; default false: they are icons and diagrams more often. */
  readonly svg?: boolean | undefined;
}

/** Pictures of all kinds of inputs, found but not read. */
export interface Collection {
  /** Absolute folder that `path` of every picture is relative to, but for addresses. */
  readonly root: string;
  /** Each path once; sorted by the bytes of the path, those of one archive or table in its own order. */
  readonly images: readonly CollectedImage[];
  /** What could not be looked at, sorted by path. */
  readonly skipped: readonly SkippedFile[];
  /**
   * Files left out on purpose, counted by extension in lower case; `"(none)"` without one, `"(hidden)"` for names with a
   * leading dot, `"(excluded)"` for what patterns name (a folder counts as one).
   */
  readonly ignored: Readonly<Record<string, number>>;
  /** Under which path the picture or file of this name or address is listed. */
  nameOf(given: string): string;
}

export interface CollectedImage extends ImageFile {
  /** Size where it is known without reading. */
  readonly bytes?: number | undefined;
  readonly metadata?: InputMetadata | undefined;
}

/**
 * Looks for pictures in whatever is given: folders (recursively), files, patterns, archives. Files named outright are taken
 * whatever their extension; archives are opened when they are named, not when they lie in a folder.
 *
 * Paths are relative to the folder given, or to the one that all inputs share, so that no path is absolute and a model can
 * move with its pictures.
 *
 * @throws InputError when nothing of `inputs` exists
 */
export async function findCollection(
  inputs: string | readonly string[],
  options: CollectionOptions & Pick<WorkOptions, "signal">,
): Promise<Collection> {
  const given = typeof inputs === "string" ? [inputs] : inputs;
  const listOptions = {
    extensions: new Set(options.svg === true ? [...IMAGE_EXTENSIONS, "svg"] : IMAGE_EXTENSIONS),
    exclude: new ExcludeRules(options.exclude ?? []),
    imageColumn: options.imageColumn,
    frames: options.frames,
    signal: options.signal,
  };
  const sorted = await sortInputs(given, listOptions);
  const found: Gathered = { pictures: new Map(), skipped: [], ignored: new Map() };
  for (const listed of sorted.listed) gather(listed, found);
  for await (const listed of listFolders(sorted.folders, listOptions)) gather(listed, found);
  for (const source of [...sorted.containers, ...sorted.addresses]) {
    for await (const listed of listSource(source, listOptions)) gather(listed, found);
  }
  return collection(sorted, found);
}

/**
 * Paths as names below the folder they share; the files need not exist.
 *
 * @returns `paths` relative to `root`, parts joined with `/`, in the order given
 */
export function pathsBelowShared(paths: readonly string[]): { root: string; paths: string[] } {
  const absolute = paths.map(absoluteLocation);
  const root = sharedFolder(absolute.filter((location) => !isAddress(location)).map(path.dirname));
  return { root, paths: absolute.map((location) => nameBelow(root, location)) };
}

/** The pictures of a file that holds some, or at an address; what keeps it from being read as a whole is told of it. */
async function* listSource(source: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  try {
    if (isAddress(source)) yield* listAddress(source, options);
    else {
      await checkClearNames(source);
      yield* containerKindOf(source)!.list(source, options);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    // How it is to be read was said wrongly: that is no fault of the file.
    if (error instanceof InputError) throw error;
    yield skipOf(source, error);
  }
}

/** A picture on the web, or all below a prefix of a bucket. */
async function* listAddress(address: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  if (isS3(address)) yield* listS3(address, options);
  else yield { kind: "picture", location: address };
}

/** @throws UnusablePicture when the names of entries would be names of files too, or of entries of another file */
async function checkClearNames(file: string): Promise<void> {
  const folder = entryLocation(file, "");
  const isFolder = await stat(folder).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder && (await splitEntry(folder))?.container === file) return;
  throw new UnusablePicture(
    "bad-name",
    "a folder or file beside it has the names that its entries would get",
  );
}

interface Gathered {
  /** By location: what is given twice is one picture. */
  readonly pictures: Map<Location, ListedPicture>;
  readonly skipped: { path: string; code: SkippedFile["code"]; reason: string }[];
  readonly ignored: Map<string, number>;
}

function gather(listed: Listed, { pictures, skipped, ignored }: Gathered): void {
  if (listed.kind === "picture") {
    const known = pictures.get(listed.location);
    if (known?.metadata === undefined) pictures.set(listed.location, listed);
  } else if (listed.kind === "skipped") {
    skipped.push({ path: listed.location, code: listed.code, reason: listed.reason });
  } else ignored.set(listed.what, (ignored.get(listed.what) ?? 0) + 1);
}

function collection({ holders }: SortedInputs, found: Gathered): Collection {
  const pictures = [...found.pictures.values()];
  const root = rootOf(holders, pictures);
  const named = pictures.map((picture) => ({
    // The key of the order: an archive's pictures stay together, as they come.
    path: nameBelow(root, picture.container ?? picture.location),
    picture,
  }));
  sortByPathInPlace(named);
  const skipped = found.skipped.map((file) => ({ ...file, path: nameBelow(root, file.path) || "." }));
  sortByPathInPlace(skipped);
  return {
    root,
    images: named.map(({ picture: { location, bytes, metadata } }) => {
      return { path: nameBelow(root, location), location, bytes, metadata };
    }),
    skipped,
    ignored: Object.fromEntries([...found.ignored].sort(([a], [b]) => (a < b ? -1 : 1))),
    nameOf: (given) => nameBelow(root, absoluteLocation(given)),
  };
}

/** The folder that the inputs share, or a higher one where a table names pictures elsewhere. */
function rootOf(holders: readonly string[], pictures: readonly ListedPicture[]): string {
  const root = sharedFolder(holders);
  const outside = pictures.flatMap(({ location, container }) => {
    const file = container ?? location;
    return isAddress(file) || nameBelow(root, file) !== file ? [] : [path.dirname(file)];
  });
  return outside.length === 0 ? root : sharedFolder([root, ...outside]);
}

/** The deepest folder that is or holds all of them. */
function sharedFolder(folders: readonly string[]): string {
  const split = folders.map((name) => name.split(path.sep));
  if (split.length === 0) return path.parse(path.resolve(".")).root;
  const shared = split.reduce((common, parts) => {
    const end = common.findIndex((part, i) => part !== parts[i]);
    return end === -1 ? common : common.slice(0, end);
  });
  return shared.join(path.sep) || path.sep;
}
