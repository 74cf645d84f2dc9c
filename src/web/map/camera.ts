import type { View } from "../state/store.ts";

/** Of the map on the screen, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A part of the map, in its own units; y points up. */
export interface Bounds {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** CSS pixels that a unit of the map takes. */
export const scaleOf = (view: View): number => 2 ** view.zoom;

/** Where a place of the map is on the screen, from its upper left corner. */
export function toScreen(view: View, { width, height }: Size, place: Spot): Spot {
  const scale = scaleOf(view);
  return { x: width / 2 + (place.x - view.x) * scale, y: height / 2 - (place.y - view.y) * scale };
}

/** The place of the map at a spot of the screen. */
export function toPlace(view: View, { width, height }: Size, spot: Spot): Spot {
  const scale = scaleOf(view);
  return { x: view.x + (spot.x - width / 2) / scale, y: view.y - (spot.y - height / 2) / scale };
}

/** What the screen shows of the map, and `margin` pixels around. */
export function boundsOf(view: View, { width, height }: Size, margin = 0): Bounds {
  const scale = scaleOf(view);
  const halfWidth = (width / 2 + margin) / scale;
  const halfHeight = (height / 2 + margin) / scale;
  return {
    left: view.x - halfWidth,
    right: view.x + halfWidth,
    bottom: view.y - halfHeight,
    top: view.y + halfHeight,
  };
}

/** Moves what is shown as if it hung on the pointer. */
export function pan(view: View, deltaX: number, deltaY: number): View {
  const scale = scaleOf(view);
  return { x: view.x - deltaX / scale, y: view.y + deltaY / scale, zoom: view.zoom };
}

/** Another zoom, with the place at a spot of the screen staying there. */
export function zoomAround(view: View, size: Size, spot: Spot, zoom: number): View {
  const place = toPlace(view, size, spot);
  const moved = toPlace({ ...view, zoom }, size, spot);
  return { x: view.x + place.x - moved.x, y: view.y + place.y - moved.y, zoom };
}

export interface FitOptions {
  /** CSS pixels that stay free on each side. */
  readonly padding: number;
  /** CSS pixels at the top that something else covers; default 0. */
  readonly covered?: number;
  /** Zoom at which a part without extent is shown. */
  readonly closest: number;
}

/** The view that shows all of a part of the map. */
export function fit(bounds: Bounds, size: Size, { padding, covered = 0, closest }: FitOptions): View {
  const width = Math.max(1, size.width - 2 * padding);
  const height = Math.max(1, size.height - covered - 2 * padding);
  const scale = Math.min(width / (bounds.right - bounds.left), height / (bounds.top - bounds.bottom));
  const zoom = Math.min(closest, Number.isFinite(scale) ? Math.log2(scale) : closest);
  return {
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.bottom + bounds.top) / 2 + covered / 2 / 2 ** zoom,
    zoom,
  };
}
