import type { ReportSheets } from "../core/report/report-data.ts";
import { uint32 } from "./decode.ts";

/** Thumbnails by row. */
export class Thumbnails {
  readonly cell: number;
  private readonly sheets: ReportSheets;
  private readonly images: HTMLImageElement[];
  private readonly cells: Map<number, number> = new Map();

  constructor(sheets: ReportSheets, onLoad: () => void) {
    this.sheets = sheets;
    this.cell = sheets.cell;
    uint32(sheets.rows).forEach((row, cell) => {
      this.cells.set(row, cell);
    });
    this.images = sheets.sheets.map((uri) => {
      const image = new Image();
      image.onload = onLoad;
      image.src = uri;
      return image;
    });
  }

  get count(): number {
    return this.cells.size;
  }

  has(row: number): boolean {
    return this.cells.has(row);
  }

  /** @returns false while the picture is not there */
  draw(context: CanvasRenderingContext2D, row: number, x: number, y: number, side: number): boolean {
    const at = this.cells.get(row);
    if (at === undefined) return false;
    const { cell, columns, perSheet } = this.sheets;
    const image = this.images[Math.floor(at / perSheet)]!;
    if (!image.complete) return false;
    const place = at % perSheet;
    const left = (place % columns) * cell;
    const top = Math.floor(place / columns) * cell;
    context.drawImage(image, left, top, cell, cell, x, y, side, side);
    return true;
  }

  /** A canvas that shows the picture, once it is there. */
  element(row: number, side: number, label: string): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    const context = canvas.getContext("2d")!;
    const at = this.cells.get(row);
    if (at === undefined || this.draw(context, row, 0, 0, side)) return canvas;
    const image = this.images[Math.floor(at / this.sheets.perSheet)]!;
    image.addEventListener("load", () => this.draw(context, row, 0, 0, side), { once: true });
    return canvas;
  }
}
