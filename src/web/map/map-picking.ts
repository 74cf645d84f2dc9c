import type { View } from "../state/store.ts";
import { type Size, type Spot, scaleOf, toPlace, toScreen } from "./camera.ts";
import type { MapPictures } from "./map-pictures.ts";
import type { PlaceIndex } from "./place-index.ts";
import { DIMMED } from "./point-colors.ts";

export interface PickSources {
  readonly view: View;
  readonly size: Size;
  readonly index: PlaceIndex;
  readonly pictures: MapPictures;
  readonly colors: Uint8Array;
  /** CSS pixels around a spot within which a point counts as met. */
  readonly reach: number;
}

/**
 * What lies at a spot of the screen: a picture, else the nearest point; lit ones before dimmed ones. The grid of places answers in
 * well under a millisecond for a million points, where reading the graphics card's answer back would hold up the frame.
 *
 * @returns a row, or -1
 */
export function pick(sources: PickSources, spot: Spot): number {
  const picture = pickPicture(sources, spot);
  if (picture !== -1) return picture;
  const { view, size, index, colors, reach } = sources;
  const { x, y } = toPlace(view, size, spot);
  const radius = reach / scaleOf(view);
  const lit = index.nearest(x, y, radius, (row) => colors[4 * row + 3] === DIMMED);
  return lit !== -1 ? lit : index.nearest(x, y, radius);
}

/** The nearest to the middle of the screen, however far; -1 where the map is empty. */
export function pickMiddle({ view, size, index }: Pick<PickSources, "view" | "size" | "index">): number {
  for (let radius = 24; radius < 2 * Math.max(size.width, size.height); radius *= 2) {
    const row = index.nearest(view.x, view.y, radius / scaleOf(view));
    if (row !== -1) return row;
  }
  return -1;
}

function pickPicture({ view, size, pictures }: PickSources, spot: Spot): number {
  if (pictures.drawn === 0) return -1;
  const half = pictures.side / 2;
  // Those nearest to the middle lie on top.
  for (const picture of pictures.shown) {
    if (picture.share < 0.5) continue;
    const at = toScreen(view, size, picture);
    if (Math.abs(at.x - spot.x) <= half && Math.abs(at.y - spot.y) <= half) return picture.row;
  }
  return -1;
}
