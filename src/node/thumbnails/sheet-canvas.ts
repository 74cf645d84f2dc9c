import sharp from "sharp";
import { sniffImageFormat } from "../images/image-format.ts";
import {
  CELLS,
  COLUMNS,
  DETAILS,
  SHEET_SIDE,
  SHEET_STRIDE,
  type SheetLevel,
  sheetSlots,
} from "./sheet-layout.ts";

/** Of cells without a picture: a grey that is quiet on light and on dark pages. */
const NEUTRAL = [0x9a, 0xa0, 0xa8] as const;

/** Detail cells are shrunk by this to be overview cells. */
const SHRINK = CELLS[1] / CELLS[0];
const STRIP_BYTES = (SHEET_SIDE * SHEET_STRIDE) / DETAILS;

// Of 24 invented photos, per sheet: effort 4 takes twice the time of 2 and saves 3 %. Sharper colours ("smart subsampling") take
// 0.1 s more: nothing for an overview of 1,024 pictures, where cells are small and it shows, but a fifth of a detail sheet's time.
const ENCODING = [
  { quality: 80, effort: 2, smartSubsample: true },
  { quality: 80, effort: 2 },
] as const;

/** Pixels of a sheet whose cells are all without pictures; red, green and blue, row-major. */
export function neutralCanvas(): Uint8Array {
  const canvas = new Uint8Array(SHEET_SIDE * SHEET_STRIDE);
  canvas.set(NEUTRAL);
  // Doubling: as fast as copying.
  for (let filled = 3; filled < canvas.length; filled *= 2) canvas.copyWithin(filled, 0, filled);
  return canvas;
}

/** Puts a detail cell of 128 x 128 pixels into its place on a detail canvas. */
export function placeCell(canvas: Uint8Array, place: number, cell: Uint8Array): void {
  const start = cellStart(place, 1);
  const width = CELLS[1] * 3;
  for (let y = 0; y < CELLS[1]; y++) {
    canvas.set(cell.subarray(y * width, (y + 1) * width), start + y * SHEET_STRIDE);
  }
}

/**
 * The cells of a detail canvas as they lie on an overview canvas: one strip of it, all its width. Each pixel is the mean of
 * 4 x 4, so that no cell bleeds into the next.
 */
export function shrunkCells(canvas: Uint8Array): Uint8Array {
  const strip = new Uint8Array(STRIP_BYTES);
  for (let place = 0; place < sheetSlots(1); place++) {
    const from = cellStart(place, 1);
    const to = cellStart(place, 0);
    for (let y = 0; y < CELLS[0]; y++) {
      for (let x = 0; x < CELLS[0]; x++) {
        const source = from + y * SHRINK * SHEET_STRIDE + x * SHRINK * 3;
        const target = to + y * SHEET_STRIDE + x * 3;
        for (let channel = 0; channel < 3; channel++) {
          strip[target + channel] = blockMean(canvas, source + channel);
        }
      }
    }
  }
  return strip;
}

/** Puts a strip into its place on an overview canvas. @param place 0 to 15 */
export function placeStrip(canvas: Uint8Array, place: number, strip: Uint8Array): void {
  canvas.set(strip, place * STRIP_BYTES);
}

/** @returns the bytes of a WebP */
export async function encodeCanvas(canvas: Uint8Array, level: SheetLevel): Promise<Uint8Array> {
  return sharp(canvas, { raw: { width: SHEET_SIDE, height: SHEET_SIDE, channels: 3 } })
    .webp(ENCODING[level])
    .toBuffer();
}

/** @throws when the bytes are no sheet of a whole */
export async function decodeCanvas(bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes, { failOn: "error" }).removeAlpha().raw({ depth: "uchar" }).toBuffer();
}

/** Whether the header is that of a sheet; no pixel is decoded. */
export async function isSheet(bytes: Uint8Array): Promise<boolean> {
  if (sniffImageFormat(bytes) !== "webp") return false;
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  return header?.width === SHEET_SIDE && header.height === SHEET_SIDE && (header.pages ?? 1) === 1;
}

function cellStart(place: number, level: SheetLevel): number {
  const column = place % COLUMNS[level];
  const row = Math.floor(place / COLUMNS[level]);
  return row * CELLS[level] * SHEET_STRIDE + column * CELLS[level] * 3;
}

function blockMean(canvas: Uint8Array, start: number): number {
  let sum = 0;
  for (let y = 0; y < SHRINK; y++) {
    for (let x = 0; x < SHRINK; x++) sum += canvas[start + y * SHEET_STRIDE + x * 3]!;
  }
  return Math.round(sum / SHRINK ** 2);
}
