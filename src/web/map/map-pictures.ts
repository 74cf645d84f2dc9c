import type { ApiModel } from "../../core/explorer/api.ts";
import type { Points } from "../state/points.ts";
import type { View } from "../state/store.ts";
import { boundsOf, type Size, scaleOf } from "./camera.ts";
import type { MapPainter, PageKind } from "./painter.ts";
import { PictureChoice } from "./picture-choice.ts";
import { pictureOrder } from "./picture-order.ts";
import { PicturePages } from "./picture-pages.ts";
import type { PictureScale } from "./picture-scale.ts";
import { type Appearance, fillSprites, type ShownPicture } from "./picture-sprites.ts";
import { SpriteList } from "./sprite-list.ts";
import { ThinningClient } from "./thinning-client.ts";

export interface MapPicturesOptions {
  readonly points: Points;
  readonly model: Pick<ApiModel, "sheets" | "concepts">;
  readonly scale: PictureScale;
  /** Something new is to be drawn. */
  onChange(): void;
}

/** Device pixels of a side from which pictures are fetched one by one: thumbnails have 128. */
const SINGLE_SIDE = 150;
/** Fewer than pages, so that those left behind are still there on the way back. */
const MOST_SINGLES = 64;

/** The pictures on the map: which ones a view shows, from which pages, and how they are drawn. */
export class MapPictures {
  readonly sprites: Readonly<Record<PageKind, SpriteList>> = {
    sheets: new SpriteList(),
    singles: new SpriteList(),
  };
  /** Those of the last frame, with their thumbnails there or not. */
  shown: ShownPicture[] = [];
  /** Of `shown`, those that were drawn. */
  drawn = 0;
  /** CSS pixels of a side. */
  side = 0;
  private readonly options: MapPicturesOptions;
  private readonly pages: PicturePages;
  private painter: MapPainter | null = null;
  private choice: PictureChoice | null = null;
  private readonly thinning: ThinningClient;

  constructor(options: MapPicturesOptions) {
    this.options = options;
    this.thinning = new ThinningClient(options.points.map);
    this.pages = new PicturePages({
      levels: options.model.sheets,
      place: (kind, bitmap, slot) => this.painter?.placePage(kind, bitmap, slot),
      onChange: () => options.onChange(),
    });
  }

  /** Where pages go from now on. */
  setPainter(painter: MapPainter | null): void {
    this.painter = painter;
    this.pages.clear();
  }

  /** Chooses anew which pictures to show where there is no room for all: only lit ones, where some are not. */
  choose(lit: Uint8Array | null): void {
    const { points, model, scale, onChange } = this.options;
    const order = pictureOrder(points, model.concepts, lit);
    const choice = new PictureChoice(points.map);
    this.thinning.thin(order, scale.spacings, (level) => {
      choice.add(level);
      this.choice = choice;
      onChange();
    });
  }

  /** Makes the sprites of a frame, and asks for the pages that it lacks. @returns whether some are just fading in */
  prepare(view: View, size: Size, appearance: Appearance): boolean {
    const { scale, points } = this.options;
    const fade = scale.fade(view.zoom);
    this.shown = [];
    for (const list of Object.values(this.sprites)) list.clear();
    this.drawn = 0;
    if (this.choice === null || fade === 0 || this.painter?.kind !== "webgl") {
      this.pages.want([], 0, []);
      return false;
    }
    this.side = scale.side(view.zoom);
    this.collect(view, size);
    const deviceSide = this.side * appearance.ratio;
    const rows = deviceSide < SINGLE_SIDE ? [] : this.shown.slice(0, MOST_SINGLES).map(({ row }) => row);
    this.pages.want(
      this.shown.map(({ row }) => points.slots[row]!),
      deviceSide,
      rows,
    );
    const { sprites, pages, shown, side } = this;
    const levels = this.options.model.sheets;
    const filled = fillSprites({ shown, points, pages, levels, sprites, side, fade }, appearance);
    this.drawn = filled.drawn;
    return filled.isFading;
  }

  destroy(): void {
    this.thinning.destroy();
    this.pages.clear();
    this.painter = null;
  }

  /** What the view shows, from its middle outwards. */
  private collect(view: View, size: Size): void {
    const { points, scale } = this.options;
    const { shown } = this;
    const around = boundsOf(view, size, this.side / 2);
    this.choice!.forEachIn(around, scale, view.zoom, (row, share) => {
      const x = points.map[2 * row]!;
      const y = points.map[2 * row + 1]!;
      shown.push({ row, x, y, share, away: Math.hypot(x - view.x, y - view.y) * scaleOf(view) });
    });
    shown.sort((a, b) => a.away - b.away);
  }
}
