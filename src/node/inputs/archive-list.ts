import { UnusablePicture } from "../images/unusable-picture.ts";
import { entryName, isHiddenEntry } from "./entry-name.ts";
import { extensionOf, skipOf } from "./folder.ts";
import type { Listed, ListOptions } from "./input.ts";
import { entryLocation } from "./location.ts";

/** What every kind of archive tells of an entry. */
export interface ArchiveEntry {
  /** Its name as it stands in the archive. */
  readonly given: string;
  /** Bytes when unpacked. */
  readonly size: number;
}

/** The entries of an archive as they are listed: of those with one name the last counts, as it does when they are unpacked. */
export class ArchiveList {
  readonly entries: Listed[] = [];
  private readonly lastOf = new Map<string, number>();
  private readonly file: string;
  private readonly options: ListOptions;

  constructor(file: string, options: ListOptions) {
    this.file = file;
    this.options = options;
  }

  /** @param check throws where the entry cannot be read */
  add(entry: ArchiveEntry, check: () => void): void {
    const listed = this.judge(entry, check);
    if (listed.kind === "picture") {
      const before = this.lastOf.get(listed.location);
      if (before !== undefined) this.entries[before] = replaced(listed.location);
      this.lastOf.set(listed.location, this.entries.length);
    }
    this.entries.push(listed);
  }

  /** The archive breaks off here. */
  breakOff(error: unknown): void {
    this.entries.push(skipOf(this.file, error));
  }

  private judge({ given, size }: ArchiveEntry, check: () => void): Listed {
    const { extensions, exclude } = this.options;
    const extension = extensionOf(given);
    const name = entryName(given);
    if (name !== null && isHiddenEntry(name)) return { kind: "ignored", what: "(hidden)" };
    if (name !== null && exclude.verdict(name) === true) return { kind: "ignored", what: "(excluded)" };
    if (!extensions.has(extension)) return { kind: "ignored", what: extension === "" ? "(none)" : extension };
    if (name === null) return skipOf(entryLocation(this.file, given), badName());
    const location = entryLocation(this.file, name);
    try {
      check();
    } catch (error) {
      return skipOf(location, error);
    }
    return { kind: "picture", location, container: this.file, bytes: size };
  }
}

function replaced(location: string): Listed {
  return { kind: "skipped", location, code: "replaced", reason: "a later entry has the same name" };
}

function badName(): UnusablePicture {
  return new UnusablePicture("bad-name", "its name leads out of the archive");
}
