import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { FormatError } from "../../core/errors.ts";
import type { NamedVectors } from "../../core/format/named-vectors.ts";
import { isNpy, npyMatrix } from "../../core/format/npy.ts";
import { parsePickle } from "../../core/format/pickle.ts";
import { parseVectorsJson } from "../../core/format/vectors-json.ts";
import type { Matrix } from "../../core/math/matrix.ts";
import { parseParquetVectors } from "./parquet-vectors.ts";

/**
 * Reads vectors that were made elsewhere: `.npy` (2-d, floats or integers), `.parquet` (a list column, see
 * `parseParquetVectors`), `.json` (`[[...], ...]` or `{ names, vectors }`) or a pickle of names and a numpy array,
 * which is read as data and never run. The file's first bytes decide which it is, not its name.
 *
 * @returns vectors as they are in the file, not normalised, and their names where the file has them
 * @throws FormatError when the file cannot be read, holds something else, no vectors at all, or a NaN or infinity
 */
export async function readVectors(path: string): Promise<NamedVectors> {
  const bytes = await readBytes(path);
  const read = await parseVectors(bytes, path);
  if (read.vectors.rows === 0 || read.vectors.cols === 0) {
    throw new FormatError(`${path} holds no vectors`, {
      expected: "at least one vector",
      found: `${read.vectors.rows} x ${read.vectors.cols} values`,
    });
  }
  refuseNonFinite(read.vectors, path);
  return read;
}

async function parseVectors(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<NamedVectors> {
  try {
    if (isNpy(bytes)) return { vectors: npyMatrix(bytes), names: null };
    if (startsWith(bytes, "PAR1")) return await parseParquetVectors(bytes);
    const extension = extname(path).toLowerCase();
    if (bytes[0] === 0x80 || extension === ".pkl" || extension === ".pickle") return parsePickle(bytes);
    if (extension === ".json" || /^\s*[[{]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) {
      return parseVectorsJson(decodeUtf8(bytes));
    }
  } catch (error) {
    throw inFile(error, path);
  }
  throw new FormatError(`${path} is no file of vectors`, {
    expected: ".npy, .parquet, .json or .pkl",
    found: startsWith(bytes, "PK") ? "a zip archive (.npz, .pt)" : `${bytes.length} bytes of something else`,
    hint: "Save the vectors from Python with numpy.save(path, vectors).",
  });
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.length);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new FormatError(`${path} cannot be read`, {
      found: missing ? "no such file" : String((error as Error).message).split("\n")[0]!,
      cause: error,
    });
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FormatError("The file is no JSON", { found: "bytes that are no UTF-8", cause: error });
  }
}

function refuseNonFinite({ data, cols }: Matrix, path: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new FormatError(`${path} holds vectors that are not finite`, {
    expected: "finite numbers",
    found: `${data[at]} in row ${Math.floor(at / cols)}, column ${at % cols}`,
    hint: "Remove or repair that row, then try again.",
  });
}

/** Says which file an error of a parser is about. */
function inFile(error: unknown, path: string): unknown {
  if (!(error instanceof FormatError)) return error;
  const { expected, found, hint } = error;
  return new FormatError(`${path} holds no vectors that can be read`, {
    ...(expected === undefined ? {} : { expected }),
    found: found ?? error.message,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((char, i) => bytes[i] === char.charCodeAt(0));
}
