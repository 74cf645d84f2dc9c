import { stat } from "node:fs/promises";
import path from "node:path";
import type { AssignContext } from "../../core/assign.ts";
import type { Edit } from "../../core/edits/edit.ts";
import { InputError, ModelStateError } from "../../core/errors.ts";
import { type Matrix, normalizedRows, row, zeros } from "../../core/math/matrix.ts";
import type { Concept, FittedModel } from "../../core/model.ts";
import { growModel } from "../../core/update/grow-model.ts";
import { type Growth, growthOf } from "../../core/update/growth.ts";
import type { FileEmbedder } from "../file-embedder.ts";
import type { EmbeddedImages } from "../images/embed-images.ts";
import { type SkippedFile, sortByPathInPlace } from "../images/image-file.ts";
import { type CollectionOptions, findCollection } from "../inputs/collection.ts";
import { containerKindOf } from "../inputs/container-kinds.ts";
import { inputMetadata, joinMetadata } from "../inputs/input-metadata.ts";
import { entryLocation, isAddress, locate, nameBelow } from "../inputs/location.ts";
import { isS3 } from "../inputs/s3.ts";
import { absoluteLocation } from "../inputs/sort-inputs.ts";
import {
  EXIF_COLUMNS,
  type MetadataOptions,
  type MetadataReport,
  MetadataSources,
} from "../metadata/metadata-sources.ts";
import { type CollectionChange, matchCollection } from "./match-collection.ts";
import { mergeMetadata } from "./merge-metadata.ts";

export interface UpdateOptions {
  /** Keep pictures whose files are not there any more; default false: they leave. */
  readonly keepMissing?: boolean | undefined;
  /**
   * Captions and columns of what is new; known pictures take only what they lack. Default: of what pictures say of themselves those
   * columns that the model has already.
   */
  readonly metadata?: MetadataOptions | undefined;
  /** What of the folder is left out, and how it is read. */
  readonly inputs?: CollectionOptions | undefined;
}

/** What an update did. */
export interface UpdateReport {
  readonly added: number;
  readonly changed: number;
  readonly moved: number;
  readonly removed: number;
  /** Pictures whose files are missing and that were kept. */
  readonly missing: number;
  readonly kept: number;
  /** Of the added and changed pictures those that fit no concept. */
  readonly unassigned: number;
  /** Pictures embedded anew. */
  readonly embedded: number;
  /** Edits that were about pictures or concepts that have gone. */
  readonly droppedEdits: number;
  /** These edits. */
  readonly dropped: readonly Edit[];
  /** Concepts whose pictures have all gone. */
  readonly endedConcepts: readonly Pick<Concept, "id" | "name">[];
  readonly growth: Growth;
  readonly metadata: MetadataReport | null;
}

export interface Updated {
  readonly model: FittedModel;
  readonly report: UpdateReport;
  readonly skipped: readonly SkippedFile[];
  readonly ignored: Readonly<Record<string, number>>;
}

/**
 * Brings a model up to date with its folder: embeds what is new or changed, assigns it, takes out what has gone. Nothing
 * is fitted. Files that cannot be read now stay as they are in the model.
 *
 * @param folder the folder of the model, a folder, an archive or a table within, an address or a bucket's prefix, or the folder's new
 * place where the old one is gone
 * @throws InputError when the folder is another, or nothing readable is there
 */
export async function updateCollection(
  model: FittedModel,
  folder: string,
  embedder: FileEmbedder,
  options: UpdateOptions,
  context: AssignContext,
): Promise<Updated> {
  const place = absoluteLocation(folder);
  const scope = await scopeOf(model, place);
  const sources = await openSources(model, options);
  const collection = await findCollection(place, {
    ...options.inputs,
    signal: context.signal,
  });
  const described = collection.images.map((file) => ({
    ...file,
    path: nameBelow(scope.root, file.location),
  }));
  const result = await embedder.embedFiles(described, {
    ...context,
    onRead: sources?.inspector((picture) => embedder.describe(picture, context.signal)),
    known: model,
    reading: options.inputs,
  });
  const skipped = [
    ...collection.skipped.map((file) => {
      return { ...file, path: nameBelow(scope.root, locate(collection.root, file.path)) };
    }),
    ...result.skipped,
  ];
  if (result.paths.length === 0) throw nothingThere(folder);
  const unreadable = new Set(skipped.map((file) => file.path));
  const found = result.paths.map((name, i) => ({ path: name, id: result.ids[i]! }));
  const isLookedAt = (name: string): boolean => scope.includes(name) && !isWithin(name, unreadable);
  const change = matchCollection(model.images, found, isLookedAt);
  const gone = new Set(options.keepMissing === true ? [] : change.missing);
  const rows = currentRows(model, result, change, gone);
  const vectors = currentVectors(model, result, rows);
  const list = { ...imageColumns(model, result, rows), root: scope.root };
  const rowBefore = Int32Array.from(rows, ({ before }) => before);
  const gathered = sources === null ? null : keptOf(model, await sources.gather(list), options);
  const own = inputMetadata({ images: described }, list.paths);
  const fresh = own === null ? gathered : joinMetadata(own, gathered ?? { columns: [], captions: null });
  const images = { ...list, ...mergeMetadata(model.images, fresh, rowBefore) };
  const grown = await growModel(model, { images, vectors, rowBefore }, context);
  const { concepts } = grown.model.images;
  const report: UpdateReport = {
    added: change.added,
    changed: change.changed,
    moved: change.moved,
    removed: gone.size,
    missing: change.missing.length - gone.size,
    kept: rows.filter(({ before }) => before !== -1).length,
    unassigned: rowBefore.filter((before, i) => before === -1 && concepts[i] === -1).length,
    embedded: result.embedded,
    droppedEdits: grown.droppedEdits.length,
    dropped: grown.droppedEdits,
    endedConcepts: grown.endedConcepts.map(({ id, name }) => ({ id, name })),
    growth: growthOf(grown.model),
    metadata: options.metadata === undefined ? null : (gathered?.report ?? null),
  };
  return { model: grown.model, report, skipped, ignored: collection.ignored };
}

type Gathered = Awaited<ReturnType<MetadataSources["gather"]>>;

async function openSources(
  { images }: FittedModel,
  { metadata }: UpdateOptions,
): Promise<MetadataSources | null> {
  if (metadata !== undefined) return MetadataSources.open(metadata);
  // A model that was fitted without what its pictures say of themselves goes on without.
  return images.columns.some(({ name }) => EXIF_COLUMNS.includes(name)) ? MetadataSources.open({}) : null;
}

/** Unasked, an update brings no new columns. */
function keptOf({ images }: FittedModel, gathered: Gathered, { metadata }: UpdateOptions): Gathered {
  if (metadata !== undefined) return gathered;
  const known = new Set(images.columns.map(({ name }) => name));
  return { ...gathered, columns: gathered.columns.filter(({ name }) => known.has(name)) };
}

/** The part of a collection that an update looks at. */
interface Scope {
  readonly root: string;
  /** Whether a path of the model was to be found, had its picture been there. */
  includes(name: string): boolean;
}

async function scopeOf({ images }: FittedModel, folder: string): Promise<Scope> {
  const { root } = images;
  if (root !== null && isAddress(folder)) {
    // A bucket's prefix need not end where a name does.
    return { root, includes: (name) => (isS3(folder) ? name.startsWith(folder) : name === folder) };
  }
  if (root === null) {
    throw new ModelStateError("NO_EMBEDDER", "A model made from vectors without files cannot be updated", {
      hint: "Fit it from a folder of pictures.",
    });
  }
  // An archive is looked at as a part of the folder it lies in.
  const isContainer = containerKindOf(folder) !== undefined && !(await isFolder(folder));
  const holder = isContainer ? path.dirname(folder) : folder;
  const within = isContainer ? entryLocation(path.basename(folder), "") : "";
  const includes = (name: string): boolean => name.startsWith(within);
  const below = path.relative(root, holder);
  if (below === "") return { root, includes };
  if (below.startsWith("..") || path.isAbsolute(below)) {
    if (await isFolder(root)) {
      throw new InputError("The folder is not the one the model was made from", {
        expected: `${root} or a folder in it`,
        found: folder,
        hint: "To join another folder, fit both together.",
      });
    }
    return { root: holder, includes };
  }
  const prefix = `${below.split(path.sep).join("/")}/`;
  return { root, includes: (name) => name.startsWith(prefix + within) };
}

/** Whether a picture, or what holds it, could not be read: a folder, an archive that breaks off, a bucket that does not answer. */
function isWithin(name: string, unreadable: ReadonlySet<string>): boolean {
  if (unreadable.has(name)) return true;
  for (let at = name.indexOf("/"); at !== -1; at = name.indexOf("/", at + 1)) {
    if (unreadable.has(name.slice(0, at)) || unreadable.has(name.slice(0, at).replace(/!$/, ""))) return true;
  }
  return isS3(name) && [...unreadable].some((place) => isS3(place) && name.startsWith(place));
}

async function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

/** A row of the new table: a picture of the model, of the folder, or both. */
interface CurrentRow {
  readonly path: string;
  /** Row in the model, -1 for new content. */
  readonly before: number;
  /** Row among what was found, -1 for a picture that was not looked at or is missing. */
  readonly found: number;
}

function currentRows(
  { images }: FittedModel,
  { paths }: EmbeddedImages,
  { rowOfFound }: CollectionChange,
  gone: ReadonlySet<number>,
): CurrentRow[] {
  const there = new Set(rowOfFound);
  const foundPaths = new Set(paths);
  const kept = images.paths.flatMap((name, before) => {
    return there.has(before) || gone.has(before) || foundPaths.has(name)
      ? []
      : [{ path: name, before, found: -1 }];
  });
  const rows = [...paths.map((name, found) => ({ path: name, before: rowOfFound[found]!, found })), ...kept];
  sortByPathInPlace(rows);
  return rows;
}

function currentVectors(
  { imageVectors }: FittedModel,
  { vectors }: EmbeddedImages,
  rows: readonly CurrentRow[],
): Matrix {
  const fresh = normalizedRows(vectors);
  const current = zeros(rows.length, imageVectors.cols);
  rows.forEach(({ before, found }, i) => {
    row(current, i).set(before === -1 ? row(fresh, found) : row(imageVectors, before));
  });
  return current;
}

function imageColumns(
  { images }: FittedModel,
  result: EmbeddedImages,
  rows: readonly CurrentRow[],
): { ids: string[]; paths: string[]; bytes: Float64Array } {
  return {
    ids: rows.map(({ before, found }) => (found === -1 ? images.ids[before]! : result.ids[found]!)),
    paths: rows.map((current) => current.path),
    bytes: Float64Array.from(rows, ({ before, found }) =>
      found === -1 ? images.bytes[before]! : result.bytes[found]!,
    ),
  };
}

function nothingThere(folder: string): InputError {
  return new InputError("There are no readable pictures in the folder", {
    expected: "the pictures of the model",
    found: `none in ${folder}`,
    hint: "Check that the drive is there; nothing was changed.",
  });
}
