import { boundedMap } from "../collage/bounded-map.ts";
import { drawCell, type PictureFiles, type PictureGap } from "./picture-cell.ts";
import type { JobHandle } from "./shared-jobs.ts";
import type { Sheet } from "./sheet.ts";
import { encodeCanvas, neutralCanvas, placeCell, placeStrip, shrunkCells } from "./sheet-canvas.ts";
import { WorkSlots } from "./work-slots.ts";

/** A detail sheet, and its pictures as the overview shows them. */
export interface DetailSheet extends Sheet {
  /** See `shrunkCells`. */
  readonly strip: Uint8Array;
}

/** What an overview sheet is made of. */
export interface SheetPart {
  readonly gaps: readonly PictureGap[];
  readonly strip: Uint8Array;
}

/** Overview sheets drawn at a time, and detail sheets drawn at a time for one of them. Each has pixels of 3 MB in memory. */
const OPEN_OVERVIEWS = 2;
const OPEN_PARTS = 2;
/** More than the background takes, so that a sheet asked for need not wait for one of its. */
const OPEN_DETAILS = 4;

/** Draws sheets from the files of pictures, a few at a time. */
export class SheetPainter {
  private readonly files: PictureFiles;
  private readonly concurrency: number;
  private readonly cores: WorkSlots;
  private readonly details = new WorkSlots(OPEN_DETAILS);
  private readonly overviews = new WorkSlots(OPEN_OVERVIEWS);

  /** @param concurrency pictures decoded or sheets encoded at a time */
  constructor(files: PictureFiles, concurrency: number) {
    this.files = files;
    this.concurrency = concurrency;
    this.cores = new WorkSlots(concurrency);
  }

  /**
   * Every picture is decoded once.
   *
   * @param rows 64 at most, in the order of the cells
   * @throws the reason of the job's signal
   */
  drawDetail(rows: Int32Array, job: JobHandle): Promise<DetailSheet> {
    return this.details.run(job, async () => {
      const canvas = neutralCanvas();
      const gaps: PictureGap[] = [];
      const draw = async (place: number): Promise<void> => {
        const cell = await this.cores.run(job, () => drawCell(rows[place]!, this.files, job.signal));
        if (cell instanceof Uint8Array) placeCell(canvas, place, cell);
        else gaps.push(cell);
      };
      await boundedMap([...rows.keys()], draw, { concurrency: this.concurrency, signal: job.signal });
      const bytes = await this.cores.run(job, () => encodeCanvas(canvas, 1));
      return { bytes, gaps, strip: shrunkCells(canvas) };
    });
  }

  /**
   * @param details of the sheet's detail sheets, in their order
   * @param partOf draws a detail sheet, or reads it
   */
  drawOverview(
    details: readonly number[],
    partOf: (detail: number) => Promise<SheetPart>,
    job: JobHandle,
  ): Promise<Sheet> {
    return this.overviews.run(job, async () => {
      const canvas = neutralCanvas();
      const gaps: PictureGap[] = [];
      const draw = async (place: number): Promise<void> => {
        const part = await partOf(details[place]!);
        placeStrip(canvas, place, part.strip);
        gaps.push(...part.gaps);
      };
      await boundedMap([...details.keys()], draw, { concurrency: OPEN_PARTS, signal: job.signal });
      return { bytes: await this.cores.run(job, () => encodeCanvas(canvas, 0)), gaps };
    });
  }
}
