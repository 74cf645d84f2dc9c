import { create, type StoreApi, type UseBoundStore } from "zustand";

/** How many pictures of the part that is seen are drawn as pictures. */
export interface Thinning {
  readonly shown: number;
  readonly present: number;
  /** Coming closer shows no more: what is left lies on others. */
  readonly isClosest: boolean;
}

/** What the map tells the small things that lie over it. */
export interface MapStatus {
  /** Under the pointer, or under the cross-hair while the keyboard leads. */
  readonly pointedRow: number | null;
  readonly painter: "starting" | "webgl" | "canvas";
  /** null while the map shows points only. */
  readonly thinning: Thinning | null;
  /** No picture lies in the part that is seen. */
  readonly isEmpty: boolean;
}

export const useMapStatus: UseBoundStore<StoreApi<MapStatus>> = create<MapStatus>(() => ({
  pointedRow: null,
  painter: "starting",
  thinning: null,
  isEmpty: false,
}));
