import type { SkipCode } from "../images/unusable-picture.ts";
import type { ExcludeRules } from "./exclude.ts";
import type { Location } from "./location.ts";

/** What an input says of a picture beside its bytes. */
export interface InputMetadata {
  readonly captions?: readonly string[] | undefined;
  /** Cells by the name of their column. */
  readonly cells?: Readonly<Record<string, unknown>> | undefined;
}

/** A picture that an input has; its bytes are read later, by `readPicture(location)`. */
export interface ListedPicture {
  readonly kind: "picture";
  readonly location: Location;
  /** The file that holds it, for an entry of an archive or table: its pictures stay in the order listed. */
  readonly container?: string | undefined;
  /** Size of the encoded picture where it is known without reading it. */
  readonly bytes?: number | undefined;
  readonly metadata?: InputMetadata | undefined;
}

/** Something that should have been a picture and cannot be one. */
export interface ListedSkip {
  readonly kind: "skipped";
  readonly location: Location;
  readonly code: SkipCode;
  readonly reason: string;
}

/** Something left out on purpose: an extension in lower case, `"(none)"`, `"(hidden)"` or `"(excluded)"`. */
export interface ListedIgnored {
  readonly kind: "ignored";
  readonly what: string;
}

export type Listed = ListedPicture | ListedSkip | ListedIgnored;

export interface ListOptions {
  /** Extensions taken for pictures, lower case, without the dot. */
  readonly extensions: ReadonlySet<string>;
  readonly exclude: ExcludeRules;
  /** The column of tables that has the pictures; default: by its name and kind. */
  readonly imageColumn?: string | undefined;
  /** Seconds between the frames taken of a video, or `"scenes"` for one of each scene; default 5. */
  readonly frames?: number | "scenes" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file opened to read its entries. */
export interface OpenContainer {
  /** The bytes of an entry as `list` named it. @throws UnusablePicture */
  read(entry: string, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A kind of file that holds pictures: an archive, a table, a video. Each has a file of its own. */
export interface ContainerKind {
  /** As reports of a dry run call it, e.g. `"zip"`. */
  readonly name: string;
  /** Extensions of such files, lower case, without the dot. */
  readonly extensions: readonly string[];
  /** Lists the pictures of a file in its own order. @throws what keeps the whole file from being read */
  list(file: string, options: ListOptions): AsyncIterable<Listed>;
  open(file: string): Promise<OpenContainer>;
}
