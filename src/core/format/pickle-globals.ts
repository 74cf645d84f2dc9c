import { FormatError } from "../errors.ts";
import { type ArrayLayout, parseDtype, valueCount } from "./dense-array.ts";
import { isTuple, type PickledGlobal, type PickleValue, typeOf } from "./pickle-values.ts";

/**
 * What numpy's own pickles name. Each is carried out by the functions below on plain data; nothing is ever
 * looked up or called. numpy 2 renamed `numpy.core` to `numpy._core`.
 */
const allowed: ReadonlyMap<string, string> = new Map([
  ["numpy.core.multiarray._reconstruct", "reconstruct"],
  ["numpy._core.multiarray._reconstruct", "reconstruct"],
  ["numpy.core.numeric._frombuffer", "frombuffer"],
  ["numpy._core.numeric._frombuffer", "frombuffer"],
  ["numpy.ndarray", "ndarray"],
  ["numpy.dtype", "dtype"],
  ["_codecs.encode", "encode"],
  ["__builtin__.bytes", "bytes"],
  ["builtins.bytes", "bytes"],
  ["__builtin__.bytearray", "bytes"],
  ["builtins.bytearray", "bytes"],
]);

/** @throws FormatError naming the global when it is none of numpy's data */
export function findGlobal(module: string, name: string): PickledGlobal {
  const found = allowed.get(`${module}.${name}`);
  if (found !== undefined) return { type: "global", name: found };
  const asked = `${module}.${name}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
  throw new FormatError("The pickle asks for code, which is never run", {
    expected: "names and a numpy array",
    found: `refused: ${asked}`,
    hint: "If you trust the file, open it in Python and save the vectors with numpy.save.",
  });
}

/** Bytes that `_codecs.encode` may still make, so that a small file cannot ask for endless copies. */
export interface EncodingBudget {
  remaining: number;
}

/** What REDUCE means for the few known globals. @throws FormatError for anything else */
export function reduce(callee: PickleValue, args: PickleValue, budget: EncodingBudget): PickleValue {
  if (typeOf(callee) !== "global" || !isTuple(args)) throw badCall(typeOf(callee));
  const { name } = callee as PickledGlobal;
  const [first, second, third, fourth] = args.items;
  if (name === "dtype" && typeof first === "string") return { type: "dtype", code: first, byteOrder: "|" };
  if (name === "reconstruct" && typeOf(first) === "global" && (first as PickledGlobal).name === "ndarray") {
    return { type: "array", content: null };
  }
  if (name === "frombuffer" && first instanceof Uint8Array) {
    const order = fourth === "F" ? "Fortran" : "C";
    return { type: "array", content: { layout: arrayLayout(second, third, order), bytes: first } };
  }
  if (name === "encode" && typeof first === "string" && (second === "latin1" || second === "latin-1")) {
    return latin1Bytes(first, budget);
  }
  if (name === "bytes" && args.items.length === 0) return new Uint8Array(0);
  if (name === "bytes" && first instanceof Uint8Array) return first;
  throw badCall(name);
}

/** What BUILD means: the state of an array or of a dtype. @throws FormatError for anything else */
export function build(target: PickleValue, state: PickleValue): void {
  if (isTuple(state) && target !== null && typeof target === "object" && "type" in target) {
    const { items } = state;
    // ndarray.__setstate__: (version, shape, dtype, is Fortran, bytes)
    if (target.type === "array" && items[4] instanceof Uint8Array) {
      const layout = arrayLayout(items[2], items[1], items[3] === true ? "Fortran" : "C");
      target.content = { layout, bytes: items[4] };
      return;
    }
    // dtype.__setstate__: (version, byte order, subdtype, names, fields, item size, alignment, flags)
    const plain = items[2] === null && items[3] === null && items[4] === null;
    if (target.type === "dtype" && typeof items[1] === "string" && plain) {
      target.byteOrder = items[1];
      return;
    }
  }
  throw badCall(`the state of ${typeOf(target)}`);
}

function arrayLayout(
  dtype: PickleValue | undefined,
  shape: PickleValue | undefined,
  order: ArrayLayout["order"],
): ArrayLayout {
  if (typeof dtype !== "object" || dtype === null || !("type" in dtype) || dtype.type !== "dtype") {
    throw badCall("an array without dtype");
  }
  const lengths = isTuple(shape) ? shape.items : [shape ?? null];
  if (lengths.length > 32 || !lengths.every((length) => typeof length === "number")) {
    throw badCall("an array's shape");
  }
  valueCount(lengths);
  return { dtype: parseDtype(dtype.code.replace(/^[<|=]/, ""), dtype.byteOrder), shape: lengths, order };
}

/** Protocol 2 has no bytes: it stores them as a text of code points 0 to 255. */
function latin1Bytes(text: string, budget: EncodingBudget): Uint8Array {
  budget.remaining -= text.length;
  if (budget.remaining < 0) throw badCall("more bytes than the file has");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw badCall("a text that is not latin1");
    bytes[i] = code;
  }
  return bytes;
}

function badCall(found: string): FormatError {
  return new FormatError("The pickle builds something else than numpy's plain arrays", {
    expected: "names and a numpy array of floats",
    found: `refused: ${found}`,
    hint: "Open it in Python and save the vectors with numpy.save.",
  });
}
