import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { systemErrorCode } from "../system-error.ts";
import { fileReason } from "./file-reason.ts";
import { FolderRegister } from "./folder-register.ts";
import { type ImageFile, type SkippedFile, sortByPathInPlace } from "./image-file.ts";

/** Extensions tried as pictures; what the decoder cannot read is listed with the reason. SVG is not among them. */
export const IMAGE_EXTENSIONS: readonly string[] =
  "jpg jpeg jpe jfif png webp gif tif tiff avif bmp heic heif".split(" ");

export interface FindImagesOptions extends Pick<WorkOptions, "signal"> {
  /** Lower case, without the dot. Default `IMAGE_EXTENSIONS`. */
  readonly extensions?: readonly string[] | undefined;
  /** What relative inputs start from. Default: the working directory. */
  readonly base?: string | undefined;
}

export interface FoundImages {
  /** Absolute folder that `path` of every file is relative to. */
  readonly root: string;
  /** Candidates, sorted by the bytes of their path, each path once. */
  readonly images: readonly ImageFile[];
  /** What could not be looked at, sorted likewise. */
  readonly skipped: readonly SkippedFile[];
  /**
   * Files left out on purpose, counted by extension in lower case; `"(none)"` without one, `"(hidden)"` for
   * names with a leading dot (a hidden folder counts as one).
   */
  readonly ignored: Readonly<Record<string, number>>;
}

/**
 * Looks for pictures in folders (recursively) and takes files named outright, whatever their extension.
 *
 * Real folders come first; then links to folders, in path order, are followed where they lead to a folder not
 * read yet. A link that leads back up, to a folder already read or nowhere is listed in `skipped`.
 *
 * Paths are relative to the folder when exactly one is given, else to `base`; a file outside `base` keeps its
 * absolute path.
 *
 * @throws InputError when nothing of `inputs` exists
 */
export async function findImages(
  inputs: string | readonly string[],
  options: FindImagesOptions = {},
): Promise<FoundImages> {
  const base = path.resolve(options.base ?? ".");
  const names = typeof inputs === "string" ? [inputs] : inputs;
  const absolute = names.map((name) => path.resolve(base, name));
  const search = new ImageSearch(options);
  let root = base;
  let missing = 0;
  for (const input of absolute) {
    try {
      const status = await stat(input);
      if (status.isDirectory()) {
        if (absolute.length === 1) root = input;
        await search.addFolder(input, displayPath(root, input));
      } else if (status.isFile()) {
        search.images.push({ path: displayPath(root, input), absolutePath: input });
      } else {
        search.skip(displayPath(root, input), "not a regular file (pipe, socket or device)");
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      if (systemErrorCode(error) === "ENOENT") missing++;
      search.skip(displayPath(root, input), fileReason(error));
    }
  }
  if (missing > 0 && missing === names.length) throw nothingThere(names);
  await search.followLinks();
  return search.result(root);
}

function nothingThere(names: readonly string[]): InputError {
  const rest = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  return new InputError("The pictures were not found", {
    expected: "a folder or a file",
    found: `nothing at ${JSON.stringify(names[0])}${rest}`,
    hint: "Check the spelling of the path.",
  });
}

/** One walk over the file system and what it has gathered. */
class ImageSearch {
  readonly images: ImageFile[] = [];
  private readonly skipped: SkippedFile[] = [];
  private readonly ignored = new Map<string, number>();
  private readonly folders = new FolderRegister();
  private links: ImageFile[] = [];
  private readonly extensions: ReadonlySet<string>;
  private readonly signal: AbortSignal | undefined;

  constructor(options: FindImagesOptions) {
    this.extensions = new Set(options.extensions ?? IMAGE_EXTENSIONS);
    this.signal = options.signal;
  }

  skip(shown: string, reason: string): void {
    this.skipped.push({ path: shown, reason });
  }

  /** Reads a folder and everything under it; links to folders wait for `followLinks`. */
  async addFolder(absolutePath: string, shown: string): Promise<void> {
    // A stack, not recursion: folders may be nested thousands deep.
    const waiting: ImageFile[] = [{ path: shown, absolutePath }];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      this.signal?.throwIfAborted();
      try {
        if (!(await this.folders.enter(folder.absolutePath))) {
          this.skip(folder.path, "folder already read under another path");
          continue;
        }
        for (const entry of await readdir(folder.absolutePath, { withFileTypes: true })) {
          const file = {
            path: folder.path === "" ? entry.name : `${folder.path}/${entry.name}`,
            absolutePath: path.join(folder.absolutePath, entry.name),
          };
          if (entry.name.startsWith(".")) this.count("(hidden)");
          else if (entry.isDirectory()) waiting.push(file);
          else await this.addEntry(entry, file);
        }
      } catch (error) {
        this.skip(folder.path === "" ? "." : folder.path, unreadableReason(error, folder));
      }
    }
  }

  private async addEntry(entry: Dirent, file: ImageFile): Promise<void> {
    if (entry.isFile()) {
      this.addFile(file);
    } else if (entry.isSymbolicLink()) {
      try {
        const status = await stat(file.absolutePath);
        if (status.isDirectory()) this.links.push(file);
        else if (status.isFile()) this.addFile(file);
        else this.skip(file.path, "not a regular file (pipe, socket or device)");
      } catch (error) {
        this.skip(
          file.path,
          systemErrorCode(error) === "ENOENT" ? "broken symbolic link" : fileReason(error),
        );
      }
    } else {
      this.skip(file.path, "not a regular file (pipe, socket or device)");
    }
  }

  private addFile(file: ImageFile): void {
    const extension = path.extname(file.path).slice(1).toLowerCase();
    if (this.extensions.has(extension)) this.images.push(file);
    else this.count(extension === "" ? "(none)" : extension);
  }

  /** Follows links to folders, those found on the way included, until none is left. */
  async followLinks(): Promise<void> {
    while (this.links.length > 0) {
      const round = this.links;
      this.links = [];
      sortByPathInPlace(round);
      for (const link of round) {
        this.signal?.throwIfAborted();
        try {
          const refusal = await this.folders.linkRefusal(link.absolutePath);
          if (refusal === undefined) await this.addFolder(link.absolutePath, link.path);
          else this.skip(link.path, refusal);
        } catch (error) {
          this.skip(link.path, fileReason(error));
        }
      }
    }
  }

  result(root: string): FoundImages {
    const images = [...new Map(this.images.map((file) => [file.path, file])).values()];
    sortByPathInPlace(images);
    sortByPathInPlace(this.skipped);
    const ignored = Object.fromEntries([...this.ignored].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { root, images, skipped: this.skipped, ignored };
  }

  private count(what: string): void {
    this.ignored.set(what, (this.ignored.get(what) ?? 0) + 1);
  }
}

/** Names that are not valid UTF-8 come back from the system with replacement characters and cannot be opened by them. */
function unreadableReason(error: unknown, file: ImageFile): string {
  return systemErrorCode(error) === "ENOENT" && file.path.includes("\uFFFD")
    ? "name is not valid UTF-8: rename it"
    : fileReason(error);
}

function displayPath(root: string, absolutePath: string): string {
  const relative = path.relative(root, absolutePath).split(path.sep).join("/");
  return relative.startsWith("../") || relative === ".." || path.isAbsolute(relative)
    ? absolutePath
    : relative;
}
