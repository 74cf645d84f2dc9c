import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "../../core/errors.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { badModel } from "./bad-model.ts";
import { mostBytes } from "./edit-log-format.ts";
import { type Manifest, manifestChecksum, readManifest } from "./manifest.ts";
import {
  conceptTableFile,
  conceptVectorFile,
  derivedFiles,
  editLogFile,
  imageTableFile,
  imageVectorFile,
  manifestFile,
  stageArrayFile,
  stageNames,
  treeTableFile,
  wordTableFile,
  wordVectorFile,
} from "./model-layout.ts";
import { treeArrayNames } from "./tree-table.ts";

const maximalManifest = 64 * 2 ** 20;
/** Bytes read, and hashed, at a time. */
const readStep = 2 ** 24;

/** The checked bytes of a saved model's files. */
export interface ModelFiles {
  readonly manifest: Manifest;
  /** Tells this model from others. */
  readonly checksum: string;
  /** The bytes of the edit log; null where there is none. */
  readonly editLog: Uint8Array<ArrayBuffer> | null;
  readonly contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * Reads every file of a saved model and checks length and sha-256. Names are those of the format, never paths out of
 * `model.json`; symbolic links inside the folder are not followed; sizes are those of the files on disk.
 *
 * @param wants which of the files are read; default all
 * @throws FormatError (BAD_MODEL) naming the file that is missing, of another size or damaged
 */
export async function readModelFiles(
  folder: string,
  wants: (file: string) => boolean = () => true,
  { signal }: Pick<WorkOptions, "signal"> = {},
): Promise<ModelFiles> {
  const manifestBytes = await readRegularFile(folder, manifestFile, (size) => size <= maximalManifest);
  const manifestText = new TextDecoder().decode(manifestBytes);
  const manifest = readManifest(manifestText);
  const names = expectedFiles(manifest);
  const listed = Object.keys(manifest.files);
  const extra = listed.find((file) => !names.includes(file));
  if (extra !== undefined) {
    throw badModel(manifestFile, {
      expected: "the files of the format",
      found: JSON.stringify(extra).slice(0, 60),
    });
  }
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of names) {
    if (!Object.hasOwn(manifest.files, name))
      throw badModel(manifestFile, { expected: `an entry for ${name}` });
    if (!wants(name)) continue;
    const entry = manifest.files[name]!;
    const hash = createHash("sha256");
    const bytes = await readRegularFile(
      folder,
      name,
      (size) => size === entry.bytes,
      (piece) => {
        signal?.throwIfAborted();
        hash.update(piece);
      },
    );
    if (hash.digest("hex") !== entry.sha256) throw otherContent(name);
    contents.set(name, bytes);
  }
  const editLog = await readEditLog(folder);
  await requireSameManifest(folder, manifestBytes);
  return { manifest, checksum: manifestChecksum(manifestText)!, editLog, contents };
}

/** No checksum ties the log, or its absence, to the files read before it: the folder may have been replaced in between. */
async function requireSameManifest(folder: string, before: Uint8Array): Promise<void> {
  const now = await readRegularFile(folder, manifestFile, (size) => size <= maximalManifest);
  if (Buffer.compare(before, now) === 0) return;
  throw badModel(manifestFile, { expected: "the same model all along", found: "another, saved meanwhile" });
}

/** The error for a file whose sha-256 is not the manifest's. */
export function otherContent(file: string): FormatError {
  return badModel(file, {
    expected: "the content that was saved",
    found: "another sha-256: it is damaged or edited",
  });
}

/** The log grows while it is read, and has no hash: only its size is bounded here. */
async function readEditLog(folder: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const isThere = await lstat(join(folder, editLogFile)).then(
    () => true,
    () => false,
  );
  return isThere ? readRegularFile(folder, editLogFile, (size) => size <= mostBytes) : null;
}

/** The files a manifest must list: names are fixed, or made from names that `isArrayName` let pass. */
function expectedFiles({ counts, stages, files: listed }: Manifest): string[] {
  const derived = derivedFiles.filter((file) => Object.hasOwn(listed, file));
  const files = [imageTableFile, imageVectorFile, conceptTableFile, conceptVectorFile, ...derived];
  if (counts.words !== null) files.push(wordTableFile, wordVectorFile);
  const hasTree = counts.treeRows !== null;
  if (hasTree) files.push(treeTableFile);
  for (const stage of stageNames) {
    const inTree = stage === "clusterer" && hasTree ? Object.values(treeArrayNames) : [];
    const arrays = stages[stage].arrays.filter((name) => !inTree.includes(name));
    files.push(...arrays.map((name) => stageArrayFile(stage, name)));
  }
  return files;
}

/** Reads a file that is no link, device or folder, after `accepts` has seen its size. @param onPiece is given all of it, in order */
async function readRegularFile(
  folder: string,
  name: string,
  accepts: (size: number) => boolean,
  onPiece: (piece: Uint8Array) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await openRegularFile(folder, name);
  try {
    const { size } = await handle.stat();
    if (!accepts(size))
      throw badModel(name, { expected: "the size it was saved with", found: `${size} bytes` });
    return await readWhole(handle, size, name, onPiece);
  } finally {
    await handle.close();
  }
}

/** Opens a file that is no link, device or folder. @throws FormatError (BAD_MODEL) when it is, or is missing */
export async function openRegularFile(folder: string, name: string): Promise<FileHandle> {
  try {
    const parts = name.split("/");
    for (let i = 1; i < parts.length; i++) {
      requireKind((await lstat(join(folder, ...parts.slice(0, i)))).isDirectory(), name);
    }
    const path = join(folder, ...parts);
    const seen: Stats = await lstat(path);
    requireKind(seen.isFile(), name);
    // No O_NOFOLLOW on Windows; what lstat saw has to do there.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    return handle;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const missing = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    if (missing && name === manifestFile) {
      throw new FormatError(
        `${folder} is not a saved model`,
        {
          found: "no such file: model.json",
          hint: "Make one with: concept fit PICTURES -o OUT",
          cause: error,
        },
        "BAD_MODEL",
      );
    }
    throw badModel(name, {
      found: missing ? "no such file" : (error as Error).message.split("\n")[0]!,
      cause: error,
    });
  }
}

function requireKind(holds: boolean, name: string): void {
  if (!holds)
    throw badModel(name, { expected: "a plain file in a plain folder", found: "a link or something else" });
}

/** Files past 2 GiB are read in steps: `readFile` refuses them, and whoever waits for this process has a turn in between. */
async function readWhole(
  handle: FileHandle,
  size: number,
  name: string,
  onPiece: (piece: Uint8Array) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  while (offset < size) {
    const { bytesRead } = await handle.read(bytes, offset, Math.min(readStep, size - offset), offset);
    if (bytesRead === 0) throw badModel(name, { expected: `${size} bytes`, found: `${offset} bytes` });
    onPiece(bytes.subarray(offset, offset + bytesRead));
    offset += bytesRead;
  }
  return bytes;
}
