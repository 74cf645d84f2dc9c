import type { ArrayLayout } from "./dense-array.ts";

/** What a pickle can hold here: plain data, and numpy arrays kept as bytes with their layout. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickledSequence
  | PickledDict
  | PickledGlobal
  | PickledDtype
  | PickledArray;

export interface PickledSequence {
  readonly type: "list" | "tuple";
  readonly items: PickleValue[];
}

export interface PickledDict {
  readonly type: "dict";
  /** Keys that are strings; others are dropped, nothing here asks for them. */
  readonly entries: Map<string, PickleValue>;
}

/** One of the few names of `pickle-globals.ts`: a marker, never code. */
export interface PickledGlobal {
  readonly type: "global";
  readonly name: string;
}

/** A numpy dtype; the byte order comes with a BUILD. */
export interface PickledDtype {
  readonly type: "dtype";
  readonly code: string;
  byteOrder: string;
}

/** A numpy array; null until its BUILD. */
export interface PickledArray {
  readonly type: "array";
  content: { readonly layout: ArrayLayout; readonly bytes: Uint8Array } | null;
}

/** The `type` of a value, for switching and for messages. */
export function typeOf(value: PickleValue | undefined): string {
  if (value === null || value === undefined) return "None";
  if (value instanceof Uint8Array) return "bytes";
  return typeof value === "object" ? value.type : typeof value;
}

export function isTuple(value: PickleValue | undefined): value is PickledSequence {
  return typeOf(value) === "tuple";
}

export function isSequence(value: PickleValue | undefined): value is PickledSequence {
  return typeOf(value) === "tuple" || typeOf(value) === "list";
}
