import type { BigIntStats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type ConceptErrorDetails, FormatError } from "../../core/errors.ts";
import { shapeText, valueCount } from "../../core/format/dense-array.ts";
import { npyHeaderBytes, npyLayout } from "../../core/format/npy.ts";
import { halvesToFloats } from "../../core/math/half.ts";
import { type Matrix, matrix, zeros } from "../../core/math/matrix.ts";
import { blockRows, type VectorBlock, type VectorSource } from "../../core/math/vector-source.ts";

/** Bytes between two rows that are wanted which are read along, rather than asking the system twice. */
const GAP_BYTES = 32_768;

/** Makes the error of a file that is not what it should be. */
export type FileFault = (details: ConceptErrorDetails) => FormatError;

/**
 * Vectors in a `.npy` file, float32 or float16, rows x columns in C order, read at their places when asked for. Two blocks are
 * held in memory a reader, one being read while the other is used. Node cannot map files into memory: what stays there between
 * readings is the system's cache of files.
 *
 * The file stays open until `close`: it may be renamed, replaced or, but on Windows, deleted meanwhile, and answers stay those
 * of the file that was opened. One that is written to or cut short is refused.
 */
export class NpyVectors implements VectorSource {
  readonly rows: number;
  readonly cols: number;
  readonly dtype: "float32" | "float16";
  /** The file's bytes before the vectors. */
  readonly header: Uint8Array;
  private readonly handle: FileHandle;
  private readonly opened: BigIntStats;
  private readonly fault: FileFault;
  private readonly floatOfHalf: Float32Array | null;
  private readonly spare: ReadBuffer[] = [];

  private constructor(handle: FileHandle, opened: BigIntStats, start: Uint8Array, fault: FileFault) {
    const { layout, end } = npyLayout(start);
    const { dtype, shape, order } = layout;
    const [rows, cols, ...more] = shape;
    const isTable = cols !== undefined && more.length === 0 && (cols > 0 || rows === 0);
    if ((dtype !== "float32" && dtype !== "float16") || !isTable || order !== "C") {
      const found = `${dtype} ${shapeText(shape)} in ${order} order`;
      throw fault({ expected: "float32 or float16, vectors x dimensions in C order", found });
    }
    const bytes = BigInt(end) + BigInt(valueCount(shape)) * (dtype === "float32" ? 4n : 2n);
    if (opened.size !== bytes) {
      throw fault({ expected: `${bytes} bytes for ${shapeText(shape)}`, found: `${opened.size} bytes` });
    }
    this.rows = rows!;
    this.cols = cols;
    this.dtype = dtype;
    this.header = start.slice(0, end);
    this.handle = handle;
    this.opened = opened;
    this.fault = fault;
    this.floatOfHalf =
      dtype === "float32" ? null : halvesToFloats(Uint16Array.from({ length: 65_536 }, (_, bits) => bits));
  }

  /** @throws FormatError when the file cannot be read, or is no `.npy` file of such vectors */
  static async open(path: string): Promise<NpyVectors> {
    const fault: FileFault = (details) => new FormatError(`The vectors of ${path} cannot be read`, details);
    const handle = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
      throw fault({ found: cause.code === "ENOENT" ? "no such file" : firstLine(cause), cause });
    });
    return NpyVectors.over(handle, fault);
  }

  /**
   * Over a file that is open; it is closed with this, and when this fails.
   *
   * @param fault makes the errors, of this call and of later ones
   */
  static async over(handle: FileHandle, fault: FileFault): Promise<NpyVectors> {
    try {
      const opened = await handle.stat({ bigint: true });
      if (!opened.isFile()) throw fault({ expected: "a plain file", found: "something else" });
      const start = new Uint8Array(npyHeaderBytes);
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      return new NpyVectors(handle, opened, start.subarray(0, bytesRead), fault);
    } catch (error) {
      await handle.close();
      if (!(error instanceof FormatError) || error.message === fault({}).message) throw asFault(error, fault);
      const { expected, found, hint } = error;
      throw fault({
        ...(expected === undefined ? {} : { expected }),
        found: found ?? error.message,
        ...(hint === undefined ? {} : { hint }),
        cause: error,
      });
    }
  }

  async *blocks(): AsyncGenerator<VectorBlock, void, undefined> {
    const { rows, cols } = this;
    const most = blockRows(cols);
    const values = Math.min(most, rows) * cols;
    const buffers = [this.borrow(values), this.borrow(values)] as const;
    const read = (start: number): Promise<Matrix> =>
      this.readRows(start, Math.min(most, rows - start), buffers[(start / most) % 2]!);
    let next: Promise<Matrix> | null = null;
    try {
      await this.requireUnchanged();
      if (rows > 0) next = read(0);
      for (let start = 0; next !== null; start += most) {
        const points: Matrix = await next;
        next = start + most < rows ? read(start + most) : null;
        // It is awaited in the next round, or not at all where the reader stops: no error goes unseen or unhandled.
        next?.catch(() => {});
        yield { start, points };
      }
      await this.requireUnchanged();
    } finally {
      await next?.catch(() => {});
      this.spare.push(...buffers);
    }
  }

  async takeRows(wanted: ArrayLike<number>): Promise<Matrix> {
    const { cols } = this;
    const taken = zeros(wanted.length, cols);
    const rowBytes = cols * (this.floatOfHalf === null ? 4 : 2);
    const gap = Math.max(1, Math.floor(GAP_BYTES / rowBytes));
    const most = blockRows(cols);
    const buffer = this.borrow(Math.min(most, this.rows) * cols);
    try {
      for (let from = 0; from < wanted.length; ) {
        const first = wanted[from]!;
        let end = from + 1;
        for (let last = first; end < wanted.length; end++) {
          const row = wanted[end]!;
          if (row < last || row - last > gap || row - first >= most) break;
          last = row;
        }
        const run = await this.readRows(first, wanted[end - 1]! - first + 1, buffer);
        for (; from < end; from++) {
          const at = (wanted[from]! - first) * cols;
          taken.data.set(run.data.subarray(at, at + cols), from * cols);
        }
      }
      return taken;
    } finally {
      this.spare.push(buffer);
    }
  }

  /** Closes the file; what is asked for afterwards fails. */
  async close(): Promise<void> {
    await this.handle.close();
  }

  private borrow(values: number): ReadBuffer {
    const at = this.spare.findIndex(({ floats }) => floats.length >= values);
    if (at >= 0) return this.spare.splice(at, 1)[0]!;
    const floats = new Float32Array(values);
    if (this.floatOfHalf === null) return { floats, halves: null, bytes: new Uint8Array(floats.buffer) };
    const halves = new Uint16Array(values);
    return { floats, halves, bytes: new Uint8Array(halves.buffer) };
  }

  private async readRows(first: number, count: number, buffer: ReadBuffer): Promise<Matrix> {
    const { cols, floatOfHalf } = this;
    const values = count * cols;
    const width = floatOfHalf === null ? 4 : 2;
    await this.readBytes(buffer.bytes.subarray(0, values * width), this.header.length + first * cols * width);
    if (floatOfHalf !== null) {
      for (let i = 0; i < values; i++) buffer.floats[i] = floatOfHalf[buffer.halves![i]!]!;
    }
    return matrix(buffer.floats.subarray(0, values), count, cols);
  }

  private async readBytes(target: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const { bytesRead } = await this.handle
        .read(target, done, target.length - done, position + done)
        .catch((error: Error) => {
          throw asFault(error, this.fault);
        });
      if (bytesRead === 0) throw this.changed(`it ends after ${position + done} bytes`);
      done += bytesRead;
    }
  }

  private async requireUnchanged(): Promise<void> {
    const { size, mtimeNs } = await this.handle.stat({ bigint: true }).catch((error: Error) => {
      throw asFault(error, this.fault);
    });
    if (size !== this.opened.size) throw this.changed(`it has ${size} bytes now`);
    if (mtimeNs !== this.opened.mtimeNs) throw this.changed("it was written to");
  }

  private changed(found: string): FormatError {
    const expected = `the ${this.opened.size} bytes it had when it was opened`;
    return this.fault({ expected, found, hint: "Open it again when nothing writes to it." });
  }
}

/** Where rows are read to; `bytes` is what the file fills. */
interface ReadBuffer {
  readonly floats: Float32Array;
  readonly halves: Uint16Array | null;
  readonly bytes: Uint8Array;
}

function asFault(error: unknown, fault: FileFault): FormatError {
  if (error instanceof FormatError) return error;
  const isClosed = (error as NodeJS.ErrnoException).code === "EBADF";
  return fault({ found: isClosed ? "a file that was closed" : firstLine(error as Error), cause: error });
}

function firstLine(error: Error): string {
  return error.message.split("\n", 1)[0]!;
}
