import type { View } from "../state/store.ts";
import type { Size } from "./camera.ts";
import type { Theme } from "./palette.ts";
import type { SpriteList } from "./sprite-list.ts";

/** Pictures that are drawn out of pages: each page is one layer of a texture. */
export type PageKind = "sheets" | "singles";

/** Pixels of a side of a page, and pages kept at most: 128 MB of sheets, 24 MB of single pictures. */
export const PAGES: Record<PageKind, { readonly side: number; readonly capacity: number }> = {
  sheets: { side: 1024, capacity: 32 },
  singles: { side: 256, capacity: 96 },
};

/** All that a picture of the map is made of. */
export interface Frame {
  readonly view: View;
  readonly size: Size;
  /** Device pixels in a CSS pixel. */
  readonly ratio: number;
  readonly theme: Theme;
  /** CSS pixels. */
  readonly pointRadius: number;
  /** Every how-many-th point is drawn: 1, or `COARSE_STEP`. */
  readonly step: number;
  /** Whether some points are dimmed, so that the lit ones have to be drawn over them. */
  readonly hasDimmed: boolean;
  readonly sprites: Readonly<Record<PageKind, SpriteList>>;
}

/** Draws points and pictures: with WebGL2, or where there is none on a plain canvas. */
export interface MapPainter {
  readonly kind: "webgl" | "canvas";
  readonly canvas: HTMLCanvasElement;
  /** Red, green, blue and how to draw (point-colors.ts), for each row. */
  setColors(colors: Uint8Array): void;
  /** Keeps a picture for sprites; takes it over. Where pages are not drawn nothing happens. */
  placePage(kind: PageKind, bitmap: ImageBitmap, slot: number): void;
  /** @returns false when not all could be drawn yet, so that it has to be drawn again soon */
  draw(frame: Frame): boolean;
  destroy(): void;
}
