import fc from "fast-check";
import { FormatError } from "../../../src/core/errors.ts";

type Edit =
  | { readonly kind: "set"; readonly at: number; readonly value: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly value: number }
  | { readonly kind: "length"; readonly at: number; readonly value: number };

/** Copies of `bytes` with up to five bytes set, inserted or cut off, or 32-bit lengths forged. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(0, bytes.length - 1));
  const value = fc.nat(255);
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("set" as const), at, value }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("insert" as const), at, value }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), at }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("length" as const),
        at,
        value: fc.constantFrom(0xffffffff, 0x7fffffff, 0x40000000, 0x10000),
      }),
    },
  );
  return fc.array(edit, { minLength: 1, maxLength: 5 }).map((edits) => edits.reduce(applyEdit, bytes));
}

function applyEdit(bytes: Uint8Array, edit: Edit): Uint8Array {
  if (edit.kind === "cut") return bytes.slice(0, edit.at);
  const grown = edit.kind === "insert" ? 1 : 0;
  const copy = new Uint8Array(bytes.length + grown);
  copy.set(bytes.subarray(0, edit.at));
  copy.set(bytes.subarray(Math.min(edit.at, bytes.length)), Math.min(edit.at, bytes.length) + grown);
  if (edit.kind === "length") {
    for (let i = 0; i < 4 && edit.at + i < copy.length; i++)
      copy[edit.at + i] = (edit.value >> (8 * i)) & 0xff;
  } else if (edit.at < copy.length) {
    copy[edit.at] = edit.value;
  }
  return copy;
}

/** Runs `read`; a FormatError is a fair answer, any other error is not. */
export function onlyFormatErrors<T>(read: () => T): T | FormatError {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}
