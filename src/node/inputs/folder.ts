import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { skippedFile } from "../images/file-reason.ts";
import { type SkipCode, UnusablePicture } from "../images/unusable-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { ExcludeRules } from "./exclude.ts";
import { FolderRegister } from "./folder-register.ts";
import type { Listed, ListedSkip, ListOptions } from "./input.ts";

/**
 * Lists the pictures in folders and all folders in them, by their extensions. Hidden names are left out, and what `exclude`
 * and the folders' `.conceptignore` files say.
 *
 * Real folders come first; then links to folders, in path order, are followed where they lead to a folder not read yet. A
 * link that leads back up, to a folder already read or nowhere is skipped.
 */
export async function* listFolders(
  folders: readonly string[],
  options: ListOptions,
): AsyncGenerator<Listed, void, void> {
  const search = new FolderSearch(options);
  for (const folder of folders) yield* search.list({ folder, name: "", rules: null });
  yield* search.followLinks();
}

/** A folder on the way, and the rules that hold in it. */
interface Step {
  readonly folder: string;
  /** Relative to the folder given, parts joined with `/`; "" for that one itself. */
  readonly name: string;
  readonly rules: RuleChain | null;
}

/** The rules of a folder's own file, and those of the folders it lies in. */
interface RuleChain {
  /** Where they hold, as in `Step`. */
  readonly name: string;
  readonly own: ExcludeRules;
  readonly above: RuleChain | null;
}

/** One walk over the file system. */
class FolderSearch {
  private readonly folders = new FolderRegister();
  private readonly options: ListOptions;
  private links: Step[] = [];

  constructor(options: ListOptions) {
    this.options = options;
  }

  /** Lists a folder and everything under it; links to folders wait for `followLinks`. */
  async *list(start: Step): AsyncGenerator<Listed, void, void> {
    // A stack, not recursion: folders may be nested thousands deep.
    const waiting = [start];
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
      this.options.signal?.throwIfAborted();
      try {
        if (!(await this.folders.enter(step.folder))) {
          yield skip(step.folder, "link", "folder already read under another path");
          continue;
        }
        const own = await ExcludeRules.ofFolder(step.folder);
        const rules = own === undefined ? step.rules : { name: step.name, own, above: step.rules };
        for (const entry of await readdir(step.folder, { withFileTypes: true })) {
          const name = step.name === "" ? entry.name : `${step.name}/${entry.name}`;
          const found = { folder: path.join(step.folder, entry.name), name, rules };
          if (entry.name.startsWith(".")) yield { kind: "ignored", what: "(hidden)" };
          else if (this.isExcluded(found, entry.isDirectory())) yield { kind: "ignored", what: "(excluded)" };
          else if (entry.isDirectory()) waiting.push(found);
          else yield* this.entry(entry, found);
        }
      } catch (error) {
        yield unreadable(step.folder, error);
      }
    }
  }

  private isExcluded({ name, rules }: Step, isFolder: boolean): boolean {
    const verdict = this.options.exclude.verdict(name, isFolder);
    if (verdict !== undefined) return verdict;
    for (let chain = rules; chain !== null; chain = chain.above) {
      const below = chain.name === "" ? name : name.slice(chain.name.length + 1);
      const said = chain.own.verdict(below, isFolder);
      if (said !== undefined) return said;
    }
    return false;
  }

  private async *entry(entry: Dirent, found: Step): AsyncGenerator<Listed, void, void> {
    const file = found.folder;
    if (entry.isFile()) {
      yield this.file(file);
    } else if (entry.isSymbolicLink()) {
      try {
        const status = await stat(file);
        if (status.isDirectory()) this.links.push(found);
        else if (status.isFile()) yield this.file(file);
        else yield noRegularFile(file);
      } catch (error) {
        if (systemErrorCode(error) === "ENOENT") yield skip(file, "link", "broken symbolic link");
        else yield skipOf(file, error);
      }
    } else {
      yield noRegularFile(file);
    }
  }

  private file(location: string): Listed {
    const extension = extensionOf(location);
    return this.options.extensions.has(extension)
      ? { kind: "picture", location }
      : { kind: "ignored", what: extension === "" ? "(none)" : extension };
  }

  /** Follows links to folders, those found on the way included, until none is left. */
  async *followLinks(): AsyncGenerator<Listed, void, void> {
    while (this.links.length > 0) {
      const round = this.links.toSorted((a, b) =>
        Buffer.compare(Buffer.from(a.folder), Buffer.from(b.folder)),
      );
      this.links = [];
      for (const link of round) {
        this.options.signal?.throwIfAborted();
        try {
          const refusal = await this.folders.linkRefusal(link.folder);
          if (refusal === undefined) yield* this.list(link);
          else yield skip(link.folder, "link", refusal);
        } catch (error) {
          this.options.signal?.throwIfAborted();
          yield skipOf(link.folder, error);
        }
      }
    }
  }
}

/** In lower case, without the dot. */
export function extensionOf(name: string): string {
  return path.extname(name).slice(1).toLowerCase();
}

function skip(location: string, code: SkipCode, reason: string): ListedSkip {
  return { kind: "skipped", location, code, reason };
}

/** What could not be looked at, for the list. */
export function skipOf(location: string, error: unknown): ListedSkip {
  const { code, reason } = skippedFile(location, error);
  return skip(location, code, reason);
}

export function noRegularFile(location: string): ListedSkip {
  return skip(location, "not-a-file", "not a regular file (pipe, socket or device)");
}

/** Names that are not valid UTF-8 come back from the system with replacement characters and cannot be opened by them. */
function unreadable(location: string, error: unknown): ListedSkip {
  const isBadName = systemErrorCode(error) === "ENOENT" && location.includes("\uFFFD");
  return skipOf(
    location,
    isBadName ? new UnusablePicture("bad-name", "name is not valid UTF-8: rename it") : error,
  );
}
