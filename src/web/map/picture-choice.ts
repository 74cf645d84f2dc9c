import type { Bounds } from "./camera.ts";
import type { PictureScale } from "./picture-scale.ts";
import { PlaceIndex } from "./place-index.ts";
import type { ThinnedLevel } from "./thinning.ts";

/** The pictures that were chosen for each level, by place: what a view shows is found without looking at the others. */
export class PictureChoice {
  private readonly places: Float32Array;
  /** Levels that nobody has looked at yet have no index. */
  private readonly levels: (Uint32Array | PlaceIndex)[] = [];

  constructor(places: Float32Array) {
    this.places = places;
  }

  /** Levels come one after the other. */
  add({ level, rows }: ThinnedLevel): void {
    this.levels[level] = rows;
  }

  /** Calls back with each picture inside that is shown at a zoom, and how far it has come in; those shown from farthest first. */
  forEachIn(
    bounds: Bounds,
    scale: PictureScale,
    zoom: number,
    visit: (row: number, share: number) => void,
  ): void {
    for (const level of this.levels.keys()) {
      const share = scale.share(level, zoom);
      if (share === 0) return;
      this.index(level).forEachIn(bounds, (row) => visit(row, share));
    }
  }

  private index(level: number): PlaceIndex {
    const known = this.levels[level]!;
    if (known instanceof PlaceIndex) return known;
    const index = new PlaceIndex(this.places, known);
    this.levels[level] = index;
    return index;
  }
}
