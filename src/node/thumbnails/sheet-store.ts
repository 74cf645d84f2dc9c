import { availableParallelism } from "node:os";
import { InputError } from "../../core/errors.ts";
import type { ApiSheetLevel } from "../../core/explorer/api.ts";
import type { ImageTable } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { mapOrder, orderSlots } from "../../core/view/map-order.ts";
import { isOutdated, type MissingPicture, type PictureFiles } from "./picture-cell.ts";
import { type JobHandle, SharedJobs } from "./shared-jobs.ts";
import type { Sheet } from "./sheet.ts";
import { decodeCanvas, shrunkCells } from "./sheet-canvas.ts";
import { SheetFiles } from "./sheet-files.ts";
import { DETAILS, type SheetLevel, sheetKey, sheetLevels, sheetSlots } from "./sheet-layout.ts";
import { SheetMemory } from "./sheet-memory.ts";
import { SheetPainter, type SheetPart } from "./sheet-painter.ts";

export interface SheetStoreOptions extends PictureFiles {
  /** A fitted model, or what is needed of one. */
  readonly model: { readonly images: Pick<ImageTable, "ids" | "paths" | "map"> };
  /** The saved model's folder; sheets are kept in `thumbnails` there, or in memory where it takes none. */
  readonly folder: string;
  /** Pictures decoded at a time; default one less than the machine has cores, at least 1. */
  readonly concurrency?: number | undefined;
  /** Most bytes of sheets kept in memory where the folder takes none; default 64 MiB. */
  readonly memoryBytes?: number | undefined;
}

const MEMORY_BYTES = 64 * 2 ** 20;

/** A detail sheet with its strip, where it was drawn just now. */
type DrawnDetail = Sheet & Partial<SheetPart>;

/**
 * Sheets of thumbnails of all pictures of a model, in the order of `mapOrder`: 1024 x 1024 pixels, WebP. Level 0 has cells of
 * 32 pixels, level 1 of 128. Sheets are drawn when they are asked for, those asked for before those of the background, and kept.
 * A picture that cannot be read leaves a grey cell and is listed; when its file comes back, its sheet is drawn again.
 */
export class SheetStore {
  /** One a picture: the place of each row in the sheets. */
  readonly slots: Int32Array;
  readonly levels: readonly ApiSheetLevel[];
  private readonly order: Int32Array;
  private readonly pathOf: (row: number) => string;
  private readonly files: SheetFiles;
  private readonly memory: SheetMemory;
  private readonly painter: SheetPainter;
  private readonly overviews = new SharedJobs<Sheet>();
  private readonly details = new SharedJobs<DrawnDetail>();
  private readonly gaps = new Map<number, string>();
  private readonly closing = new AbortController();
  private readonly finished = new Set<number>();
  private readonly listeners = new Set<() => void>();

  /** @throws InputError when the map has not 2 columns */
  constructor(options: SheetStoreOptions) {
    const { images } = options.model;
    this.order = mapOrder(images.map);
    this.slots = orderSlots(this.order);
    this.levels = sheetLevels(this.order.length);
    this.pathOf = options.pathOf;
    this.files = new SheetFiles(options.folder, sheetKey(images, this.order), (level, index, row) =>
      this.isOnSheet(level, index, row),
    );
    this.memory = new SheetMemory(options.memoryBytes ?? MEMORY_BYTES);
    this.painter = new SheetPainter(options, options.concurrency ?? Math.max(1, availableParallelism() - 1));
  }

  /** Pictures without a thumbnail, by row, as far as their sheets were made or looked at. */
  get missing(): MissingPicture[] {
    const gaps = [...this.gaps].sort(([a], [b]) => a - b);
    return gaps.map(([row, reason]) => ({ row, reason }));
  }

  /**
   * @returns the bytes of a WebP, 1024 x 1024 pixels; cells beyond the last picture are grey
   * @throws InputError when there is no such sheet; the signal's reason; an AbortError after `close`
   */
  async sheet(level: number, index: number, options: Pick<WorkOptions, "signal"> = {}): Promise<Uint8Array> {
    const count = this.levels[level]?.sheets ?? 0;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new InputError("There is no such sheet of thumbnails", {
        expected: `0 to ${count - 1} of level ${level}`,
        found: `${index}`,
      });
    }
    const waiter: JobHandle = { signal: this.signal(options.signal), isUrgent: () => true };
    const sheet = level === 0 ? this.joinOverview(index, waiter) : this.joinDetail(index, waiter);
    return (await sheet).bytes;
  }

  /**
   * Draws what is not there yet, one overview sheet after the other, and then removes the sheets of earlier versions of the model.
   * Ends early, without an error, where the folder takes no sheets and memory is full.
   *
   * @throws the signal's reason; an AbortError after `close`
   */
  async buildAll(options: WorkOptions = {}): Promise<void> {
    const waiter: JobHandle = { signal: this.signal(options.signal), isUrgent: () => false };
    const count = this.levels[1]!.sheets;
    const listener = (): void => options.onProgress?.(this.finished.size / count);
    this.listeners.add(listener);
    try {
      for (let index = 0; index < this.levels[0]!.sheets; index++) {
        await this.buildOverview(index, waiter);
        if (this.memory.isFull) return;
      }
      if (this.memory.size === 0) await this.files.removeOthers();
      if (count === 0) options.onProgress?.(1);
    } finally {
      this.listeners.delete(listener);
    }
  }

  /** Ends what is under way; resolves when no file is written any more. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.overviews.settled(), this.details.settled()]);
  }

  private async buildOverview(index: number, waiter: JobHandle): Promise<void> {
    waiter.signal.throwIfAborted();
    if (!(await this.isKept(0, index))) await this.joinOverview(index, waiter);
    for (const detail of this.detailsOf(index)) {
      waiter.signal.throwIfAborted();
      if (!this.finished.has(detail) && !(await this.isKept(1, detail)))
        await this.joinDetail(detail, waiter);
    }
  }

  private joinOverview(index: number, waiter: JobHandle): Promise<Sheet> {
    return this.overviews.join(index, waiter, async (job) => {
      const kept = await this.kept(0, index);
      if (kept !== null) return kept;
      const partOf = (detail: number) => this.partOf(detail, job);
      return this.keep(0, index, await this.painter.drawOverview(this.detailsOf(index), partOf, job));
    });
  }

  private joinDetail(index: number, waiter: JobHandle): Promise<DrawnDetail> {
    return this.details.join(index, waiter, async (job) => {
      const kept = await this.kept(1, index);
      if (kept !== null) return kept;
      return this.keep(1, index, await this.painter.drawDetail(this.rowsOf(1, index), job));
    });
  }

  private async partOf(detail: number, job: JobHandle): Promise<SheetPart> {
    const { bytes, gaps, strip } = await this.joinDetail(detail, job);
    if (strip !== undefined) return { gaps, strip };
    const canvas = await decodeCanvas(bytes).catch(() => null);
    if (canvas !== null) return { gaps, strip: shrunkCells(canvas) };
    // Its record was made to agree with damage.
    return this.keep(1, detail, await this.painter.drawDetail(this.rowsOf(1, detail), job));
  }

  /** A sheet made earlier, unless pictures that were missing then are there now. */
  private async kept(level: SheetLevel, index: number): Promise<Sheet | null> {
    const sheet = this.memory.get(`${level}/${index}`) ?? (await this.files.read(level, index));
    if (sheet === null || (await isOutdated(sheet.gaps, this.pathOf))) return null;
    this.note(level, index, sheet);
    return sheet;
  }

  private async isKept(level: SheetLevel, index: number): Promise<boolean> {
    const sheet = this.memory.get(`${level}/${index}`) ?? (await this.files.look(level, index));
    if (sheet === null || (await isOutdated(sheet.gaps, this.pathOf))) return false;
    this.note(level, index, sheet);
    return true;
  }

  private async keep<Drawn extends Sheet>(level: SheetLevel, index: number, sheet: Drawn): Promise<Drawn> {
    const name = `${level}/${index}`;
    if (await this.files.write(level, index, sheet)) this.memory.delete(name);
    else this.memory.put(name, { bytes: sheet.bytes, gaps: sheet.gaps });
    this.note(level, index, sheet);
    return sheet;
  }

  private note(level: SheetLevel, index: number, { gaps }: Pick<Sheet, "gaps">): void {
    for (const row of this.rowsOf(level, index)) this.gaps.delete(row);
    for (const { row, reason } of gaps) this.gaps.set(row, reason);
    if (level === 0 || this.finished.has(index)) return;
    this.finished.add(index);
    for (const listener of this.listeners) listener();
  }

  private rowsOf(level: SheetLevel, index: number): Int32Array {
    return this.order.subarray(index * sheetSlots(level), (index + 1) * sheetSlots(level));
  }

  private isOnSheet(level: SheetLevel, index: number, row: number): boolean {
    const slot = this.slots[row];
    return slot !== undefined && Math.floor(slot / sheetSlots(level)) === index;
  }

  private detailsOf(index: number): number[] {
    const last = Math.min((index + 1) * DETAILS, this.levels[1]!.sheets);
    return Array.from({ length: last - index * DETAILS }, (_, i) => index * DETAILS + i);
  }

  private signal(own: AbortSignal | undefined): AbortSignal {
    return own === undefined ? this.closing.signal : AbortSignal.any([this.closing.signal, own]);
  }
}
