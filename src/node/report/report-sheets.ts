import sharp from "sharp";
import type { ReportSheets } from "../../core/report/report-data.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { boundedMap } from "../collage/bounded-map.ts";
import { fileReason } from "../images/file-reason.ts";
import { SharpDecoder } from "../images/sharp-decoder.ts";
import { readViewable } from "../inputs/read-picture.ts";
import type { MissingPicture } from "../thumbnails/picture-cell.ts";
import { base64 } from "./base64.ts";

export interface SheetRequest {
  /** Pixels of a side of a thumbnail. */
  readonly cell: number;
  /** The pictures, in the order of the cells. */
  readonly rows: Int32Array;
  readonly pathOf: (row: number) => string;
}

/** Pixels of a side of a sheet, at most. */
const SIDE = 1024;
/** Of cells without a picture: a grey that is quiet on light and on dark pages. */
const NEUTRAL = 0x9d;
const DECODERS = 4;
const ENCODING = { quality: 62, effort: 4, smartSubsample: true } as const;
const DECODER = new SharpDecoder({ shrinkOnLoad: "full" });

/**
 * Draws thumbnails, upright and cropped to their centre. What cannot be read is a grey cell.
 *
 * @throws the signal's reason
 */
export async function drawReportSheets(
  { cell, rows, pathOf }: SheetRequest,
  { signal, onProgress }: WorkOptions = {},
): Promise<{ readonly sheets: ReportSheets; readonly missing: readonly MissingPicture[] }> {
  const columns = Math.floor(SIDE / cell);
  const perSheet = columns * columns;
  const missing: MissingPicture[] = [];
  const sheets: string[] = [];
  for (let start = 0; start < rows.length; start += perSheet) {
    const part = rows.subarray(start, start + perSheet);
    const canvas = new Canvas(cell, columns, Math.ceil(part.length / columns));
    const draw = async (place: number): Promise<void> => {
      const row = part[place]!;
      try {
        canvas.place(place, await thumbnail(pathOf(row), cell, signal));
      } catch (error) {
        signal?.throwIfAborted();
        missing.push({ row, reason: fileReason(error) });
      }
    };
    await boundedMap([...part.keys()], draw, { concurrency: DECODERS, signal });
    sheets.push(`data:image/webp;base64,${(await canvas.encode()).toString("base64")}`);
    onProgress?.(Math.min(1, (start + part.length) / rows.length));
  }
  return { sheets: { cell, columns, perSheet, rows: base64(Uint32Array.from(rows)), sheets }, missing };
}

async function thumbnail(file: string, cell: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const bytes = await readViewable(file, { signal });
  const request = {
    resize: { shortestEdge: cell },
    resample: "lanczos3",
    crop: { width: cell, height: cell },
  } as const;
  return (await DECODER.decode(bytes, request, signal)).data;
}

/** Pixels of a sheet: red, green and blue, row-major. */
class Canvas {
  private readonly pixels: Uint8Array;
  private readonly cell: number;
  private readonly columns: number;

  constructor(cell: number, columns: number, rows: number) {
    this.cell = cell;
    this.columns = columns;
    this.pixels = new Uint8Array(columns * rows * cell * cell * 3).fill(NEUTRAL);
  }

  place(place: number, pixels: Uint8Array): void {
    const { cell, columns } = this;
    const stride = columns * cell * 3;
    const start = Math.floor(place / columns) * cell * stride + (place % columns) * cell * 3;
    for (let y = 0; y < cell; y++) {
      this.pixels.set(pixels.subarray(y * cell * 3, (y + 1) * cell * 3), start + y * stride);
    }
  }

  encode(): Promise<Buffer> {
    const width = this.columns * this.cell;
    const height = this.pixels.length / (3 * width);
    return sharp(this.pixels, { raw: { width, height, channels: 3 } })
      .webp(ENCODING)
      .toBuffer();
  }
}
