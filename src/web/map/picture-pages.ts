import type { ApiSheetLevel } from "../../core/explorer/api.ts";
import { pictureUrl, sheetUrl } from "../api/client.ts";
import { PageCache } from "./page-cache.ts";
import { PAGES, type PageKind } from "./painter.ts";
import { sheetOf, wantedSheets } from "./sheet-cells.ts";

export interface PicturePagesOptions {
  readonly levels: readonly ApiSheetLevel[];
  place(kind: PageKind, bitmap: ImageBitmap, slot: number): void;
  onChange(): void;
}

/** Of a single picture, of its page, 0 to 1. */
export interface SingleExtent {
  readonly width: number;
  readonly height: number;
}

/** Pictures fetched at a time: browsers have six connections to a server, and the rest of the page wants some. */
const IN_FLIGHT = 3;

/** The sheets of thumbnails and the single pictures that the map shows. */
export class PicturePages {
  readonly sheets: PageCache<ImageBitmap>;
  readonly singles: PageCache<ImageBitmap>;
  private readonly levels: readonly ApiSheetLevel[];
  private readonly extents: SingleExtent[] = [];

  constructor({ levels, place, onChange }: PicturePagesOptions) {
    this.levels = levels;
    const common = { inFlight: IN_FLIGHT, onChange, now: () => performance.now() };
    this.sheets = new PageCache({
      ...common,
      capacity: PAGES.sheets.capacity,
      load: (key, signal) => {
        const { level, sheet } = sheetOf(key);
        return fetchBitmap(sheetUrl(level, sheet), signal);
      },
      place: (bitmap, slot) => place("sheets", bitmap, slot),
    });
    const { capacity, side } = PAGES.singles;
    this.singles = new PageCache({
      ...common,
      capacity,
      load: (row, signal) => fetchBitmap(pictureUrl(row, side), signal),
      place: (bitmap, slot) => {
        this.extents[slot] = { width: bitmap.width / side, height: bitmap.height / side };
        place("singles", bitmap, slot);
      },
    });
  }

  /** @param slots of the pictures shown @param rows of those that are wanted one by one; both the most wanted first */
  want(slots: ArrayLike<number>, side: number, rows: readonly number[]): void {
    this.sheets.want(wantedSheets({ slots, levels: this.levels, side, capacity: PAGES.sheets.capacity }));
    this.singles.want(rows);
  }

  extentOf(slot: number): SingleExtent {
    return this.extents[slot]!;
  }

  clear(): void {
    this.sheets.clear();
    this.singles.clear();
  }
}

async function fetchBitmap(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: "same-origin", signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return createImageBitmap(await response.blob());
}
