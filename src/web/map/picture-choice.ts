import type { Bounds } from "./camera.ts";
import type { PictureScale } from "./picture-scale.ts";
import { PlaceIndex } from "./place-index.ts";

/** The pictures that were chosen for each level, by place: what a view shows is found without looking at the others. */
export class PictureChoice {
  private readonly levels: readonly PlaceIndex[];

  /** @param levelOf as `thin` gives it */
  constructor(places: Float32Array, levelOf: Uint8Array, levels: number) {
    const counts = new Uint32Array(levels);
    for (const level of levelOf) if (level < levels) counts[level]!++;
    const rows = Array.from(counts, (count) => new Uint32Array(count));
    counts.fill(0);
    for (const [row, level] of levelOf.entries()) if (level < levels) rows[level]![counts[level]!++] = row;
    this.levels = rows.map((subset) => new PlaceIndex(places, subset));
  }

  /** Calls back with each picture inside that is shown at a zoom, and how far it has come in; those shown from farthest first. */
  forEachIn(
    bounds: Bounds,
    scale: PictureScale,
    zoom: number,
    visit: (row: number, share: number) => void,
  ): void {
    for (const [level, index] of this.levels.entries()) {
      const share = scale.share(level, zoom);
      if (share === 0) return;
      index.forEachIn(bounds, (row) => visit(row, share));
    }
  }
}
