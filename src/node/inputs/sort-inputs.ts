import { stat } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../core/errors.ts";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { containerKindOf } from "./container-kinds.ts";
import { extensionOf, noRegularFile, skipOf } from "./folder.ts";
import { expandPattern, isPattern } from "./glob.ts";
import type { Listed, ListOptions } from "./input.ts";
import { isAddress, type Location, splitEntry } from "./location.ts";

/** Inputs by what they are. */
export interface SortedInputs {
  /** Folders in which all inputs lie; one given alone itself. */
  readonly holders: readonly string[];
  readonly folders: readonly string[];
  readonly containers: readonly string[];
  readonly addresses: readonly string[];
  /** Pictures, and what is none. */
  readonly listed: readonly Listed[];
}

/** Tells folders, files that hold pictures, addresses and pictures apart. @throws InputError when nothing of it exists */
export async function sortInputs(given: readonly string[], options: ListOptions): Promise<SortedInputs> {
  const sorter = new InputSorter(options);
  for (const input of given) {
    options.signal?.throwIfAborted();
    await sorter.add(input);
  }
  if (sorter.missing > 0 && sorter.missing === given.length) throw nothingThere(given);
  return sorter.result();
}

export function absoluteLocation(given: string): Location {
  return isAddress(given) ? given : path.resolve(given);
}

class InputSorter {
  missing = 0;
  private readonly places: string[] = [];
  private readonly folders = new Set<string>();
  private readonly containers = new Set<string>();
  private readonly addresses = new Set<string>();
  private readonly listed: Listed[] = [];
  private readonly options: ListOptions;

  constructor(options: ListOptions) {
    this.options = options;
  }

  async add(input: string): Promise<void> {
    const location = absoluteLocation(input);
    if (isAddress(location)) {
      this.addresses.add(location);
      return;
    }
    try {
      const status = await stat(location);
      this.places.push(location);
      if (status.isDirectory()) this.folders.add(location);
      else if (!status.isFile()) this.listed.push(noRegularFile(location));
      else if (containerKindOf(location) !== undefined) this.containers.add(location);
      else this.listed.push(this.namedFile(location));
    } catch (error) {
      await this.addAbsent(input, location, error);
    }
  }

  result(): SortedInputs {
    const { places, listed } = this;
    const isOneFolder = places.length === 1 && this.folders.size === 1;
    return {
      holders: isOneFolder ? places : places.map((place) => path.dirname(place)),
      folders: [...this.folders],
      containers: [...this.containers],
      addresses: [...this.addresses],
      listed,
    };
  }

  /** What is no file may be an entry of one, or a pattern. */
  private async addAbsent(input: string, location: Location, error: unknown): Promise<void> {
    const isAbsent = ["ENOENT", "ENOTDIR"].includes(systemErrorCode(error));
    const entry = isAbsent ? await splitEntry(location) : null;
    if (entry !== null) {
      this.places.push(entry.container);
      this.listed.push({ kind: "picture", location, container: entry.container });
      return;
    }
    const matches = isAbsent && isPattern(input) ? await expandPattern(input, this.options.signal) : [];
    for (const match of matches) await this.addMatch(match);
    if (matches.length > 0) return;
    if (isAbsent) this.missing++;
    this.places.push(location);
    this.listed.push(skipOf(location, error));
  }

  /** What a pattern matched: unlike what is named outright, files that are no pictures are left alone. */
  private async addMatch(match: string): Promise<void> {
    this.places.push(match);
    const extension = extensionOf(match);
    const status = await stat(match).catch(() => null);
    if (status?.isDirectory() === true) this.folders.add(match);
    else if (containerKindOf(match) !== undefined) this.containers.add(match);
    else if (this.options.extensions.has(extension)) this.listed.push({ kind: "picture", location: match });
    else this.listed.push({ kind: "ignored", what: extension === "" ? "(none)" : extension });
  }

  private namedFile(location: Location): Listed {
    const isDrawing = extensionOf(location) === "svg" && !this.options.extensions.has("svg");
    if (!isDrawing) return { kind: "picture", location };
    return skipOf(
      location,
      new UnusablePicture("unsupported", "drawings (SVG) are left out unless --svg is given"),
    );
  }
}

function nothingThere(names: readonly string[]): InputError {
  const rest = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  return new InputError("The pictures were not found", {
    expected: "a folder or a file",
    found: `nothing at ${JSON.stringify(names[0])}${rest}`,
    hint: "Check the spelling of the path.",
  });
}
