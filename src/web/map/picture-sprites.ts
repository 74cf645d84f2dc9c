import type { ApiSheetLevel } from "../../core/explorer/api.ts";
import type { Rgb } from "../../core/view/oklch.ts";
import type { Points } from "../state/points.ts";
import type { KeptPage } from "./page-cache.ts";
import type { PageKind } from "./painter.ts";
import type { PicturePages } from "./picture-pages.ts";
import { DIMMED } from "./point-colors.ts";
import { cellOf, sheetKey } from "./sheet-cells.ts";
import type { SpriteList } from "./sprite-list.ts";

/** A picture that a view shows. */
export interface ShownPicture {
  readonly row: number;
  readonly x: number;
  readonly y: number;
  /** How far it has come in, 0 to 1. */
  readonly share: number;
  /** CSS pixels to the middle of the view. */
  readonly away: number;
}

export interface Appearance {
  readonly ratio: number;
  /** Of all points: point-colors.ts. */
  readonly colors: Uint8Array;
  /** Milliseconds. */
  readonly now: number;
}

export interface SpriteSources {
  readonly shown: readonly ShownPicture[];
  readonly points: Points;
  readonly pages: PicturePages;
  readonly levels: readonly ApiSheetLevel[];
  readonly sprites: Readonly<Record<PageKind, SpriteList>>;
  readonly side: number;
  readonly fade: number;
}

/** Milliseconds in which a picture that has come appears. */
const APPEAR = 160;
/** How much of the map's colour lies over a dimmed picture. */
const DIMMED_VEIL = 0.78;

/** Draws each picture as well as what has come of it allows: by itself, else from the finest sheet that is there. */
export function fillSprites(
  sources: SpriteSources,
  { colors, now }: Appearance,
): { readonly drawn: number; readonly isFading: boolean } {
  const { shown, points, pages, levels, sprites, side, fade } = sources;
  let drawn = 0;
  let isFading = false;
  const appeared = (page: KeptPage): number => {
    const share = Math.min(1, (now - page.since) / APPEAR);
    if (share < 1) isFading = true;
    return share;
  };
  // The farthest first, so that the middle lies on top.
  for (let at = shown.length - 1; at >= 0; at--) {
    const { row, x, y, share } = shown[at]!;
    const isDimmed = colors[4 * row + 3] === DIMMED;
    // They grow more than they fade: half of a picture over a point is neither.
    const alpha = fade * Math.min(1, 2 * share);
    const ring: Rgb = [colors[4 * row]!, colors[4 * row + 1]!, colors[4 * row + 2]!];
    const common = { x, y, side: side * (0.6 + 0.4 * share), ring, veil: isDimmed ? DIMMED_VEIL : 0 };
    const single = pages.singles.get(row);
    const singleShare = single === undefined ? 0 : appeared(single);
    const thumbnail = singleShare < 1 ? finest(pages, levels, points.slots[row]!) : undefined;
    if (thumbnail !== undefined) {
      const { page, cell } = thumbnail;
      sprites.sheets.add({ ...common, ...cell, layer: page.slot, alpha: alpha * appeared(page) });
    }
    if (single !== undefined) {
      const extent = pages.extentOf(single.slot);
      const place = { left: 0, top: 0, layer: single.slot, alpha: alpha * singleShare };
      sprites.singles.add({ ...common, ...extent, ...place });
    }
    if (thumbnail !== undefined || single !== undefined) drawn++;
  }
  return { drawn, isFading };
}

function finest(pages: PicturePages, levels: readonly ApiSheetLevel[], slot: number) {
  for (let level = levels.length - 1; level >= 0; level--) {
    const cell = cellOf(slot, levels[level]!);
    const page = pages.sheets.get(sheetKey(level, cell.sheet));
    if (page !== undefined) return { page, cell };
  }
  return undefined;
}
