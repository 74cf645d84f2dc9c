import { type Matrix, matrix } from "../math/matrix.ts";
import type { LayoutTask } from "./layout-task.ts";

/** Where parts of a task lie in the memory of the compiled optimiser, in bytes; the compiled code counts on them. */
export const TASK_ADDRESS = 4096;
/** 32-bit words from the start of the task; see src/wasm. */
export const STOP_WORD = 32;
export const FINISHED_WORD = 31;
const POINTER_WORDS = 16;
const PULL_WORD = 28;
const EPOCHS_WORD = 29;
const TASK_BYTES = 256;

const LANES = 4;
const PAGE = 65536;
/** Pages that 32-bit addresses reach. */
const MAX_PAGES = 65536;

/** A task laid out in one flat memory: places padded to whole groups of four floats, twice, so that an epoch reads one copy and writes the other. */
export class LayoutMemory {
  private readonly task: LayoutTask;
  private readonly stride: number;
  private readonly addresses: Addresses;

  constructor(task: LayoutTask) {
    this.task = task;
    this.stride = paddedWidth(task.start.cols);
    this.addresses = new Addresses(task, this.stride);
  }

  /** 64 KiB pages that the memory must have; above what 32-bit addresses reach it cannot be made. */
  get pages(): number {
    return Math.ceil(this.addresses.end / PAGE);
  }

  get fits(): boolean {
    return this.pages <= MAX_PAGES;
  }

  write(buffer: ArrayBufferLike): void {
    const { task, stride, addresses } = this;
    const floats = new Float32Array(buffer, TASK_ADDRESS, TASK_BYTES / 4);
    const words = new Uint32Array(buffer, TASK_ADDRESS, TASK_BYTES / 4);
    curveConstants(task).forEach((value, i) => {
      floats.fill(value, i * LANES, (i + 1) * LANES);
    });
    const { heads, next, fixed, offsets, columns, rates, learningRates } = addresses;
    const tailCount = task.fixed?.rows ?? task.start.rows;
    const pointers = [heads, next, fixed, offsets, columns, rates, learningRates];
    const counts = [stride * 4, tailCount, task.negativeSampleRate, task.seed, rowStride(task)];
    words.set([...pointers, ...counts], POINTER_WORDS);
    floats[PULL_WORD] = pullFactor(task);
    words[EPOCHS_WORD] = task.learningRates.length;
    pad(task.start, new Float32Array(buffer, heads, task.start.rows * stride), stride);
    if (task.fixed !== undefined) {
      pad(task.fixed, new Float32Array(buffer, fixed, task.fixed.rows * stride), stride);
    }
    new Int32Array(buffer, offsets, task.schedule.offsets.length).set(task.schedule.offsets);
    new Int32Array(buffer, columns, task.schedule.columns.length).set(task.schedule.columns);
    new Uint32Array(buffer, rates, task.schedule.rates.length).set(task.schedule.rates);
    new Float32Array(buffer, learningRates, task.learningRates.length).set(task.learningRates);
  }

  /** The places after all epochs. */
  read(buffer: ArrayBufferLike): Matrix {
    const { rows, cols } = this.task.start;
    const { heads, next } = this.addresses;
    const last = this.task.learningRates.length % 2 === 0 ? heads : next;
    return unpad(new Float32Array(buffer, last, rows * this.stride), rows, cols, this.stride);
  }
}

/** a, b, and the numerators of attraction and repulsion: what the gradients take from the curve. */
export function curveConstants({ curve: { a, b }, repulsionStrength }: LayoutTask): readonly number[] {
  return [a, b, -2 * a * b, 2 * repulsionStrength * b];
}

/**
 * Among themselves both ends of an edge are pulled, and each edge is there in both directions: as only the head
 * is moved at a time, it is moved twice as far.
 */
export function pullFactor(task: LayoutTask): number {
  return task.fixed === undefined ? 2 : 1;
}

/** Against fixed places every row draws the same random numbers, so that it does not matter in which company it comes. */
export function rowStride(task: LayoutTask): number {
  return task.fixed === undefined ? 1 : 0;
}

/** Floats that a row of so many dimensions takes. */
export function paddedWidth(dimensions: number): number {
  return Math.ceil(dimensions / LANES) * LANES;
}

/** Writes rows with zeros behind each. */
export function pad({ data, rows, cols }: Matrix, padded: Float32Array, stride: number): void {
  for (let i = 0; i < rows; i++) padded.set(data.subarray(i * cols, (i + 1) * cols), i * stride);
}

/** The inverse of `pad`. @returns rows x cols */
export function unpad(padded: Float32Array, rows: number, cols: number, stride: number): Matrix {
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) data.set(padded.subarray(i * stride, i * stride + cols), i * cols);
  return matrix(data, rows, cols);
}

class Addresses {
  readonly heads: number;
  readonly next: number;
  readonly fixed: number;
  readonly offsets: number;
  readonly columns: number;
  readonly rates: number;
  readonly learningRates: number;
  readonly end: number;

  constructor({ start, fixed, schedule, learningRates }: LayoutTask, stride: number) {
    let end = TASK_ADDRESS + TASK_BYTES;
    const place = (words: number): number => {
      const address = end;
      end += Math.ceil(words / LANES) * LANES * 4;
      return address;
    };
    this.heads = place(start.rows * stride);
    this.next = place(start.rows * stride);
    this.fixed = fixed === undefined ? 0 : place(fixed.rows * stride);
    this.offsets = place(schedule.offsets.length);
    this.columns = place(schedule.columns.length);
    this.rates = place(schedule.rates.length);
    this.learningRates = place(learningRates.length);
    this.end = end;
  }
}
