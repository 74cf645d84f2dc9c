import type { View } from "../state/store.ts";
import type { Size } from "./camera.ts";
import type { PlacedName } from "./map-labels.ts";
import type { Theme } from "./palette.ts";

/** A map as it is seen at a moment. */
export interface MapSnapshot {
  /** Points and pictures, just drawn: to be read before the next task. */
  readonly canvas: HTMLCanvasElement;
  readonly view: View;
  readonly size: Size;
  readonly ratio: number;
  readonly theme: Theme;
  /** x and y of each row. */
  readonly places: Float32Array;
  readonly colors: Uint8Array;
  readonly pointRadius: number;
  readonly names: readonly PlacedName[];
  readonly fontFamily: string;
}

/** What buttons can do with the map that is on the page. */
export interface CurrentMap {
  zoomBy(change: number): void;
  showAll(): void;
  /** @param ratio pixels in a CSS pixel */
  snapshot(ratio: number): MapSnapshot;
}

let current: CurrentMap | null = null;

export const currentMap = (): CurrentMap | null => current;

/** The map calls this when it comes and, with null, when it goes. */
export function setCurrentMap(map: CurrentMap | null): void {
  current = map;
}
