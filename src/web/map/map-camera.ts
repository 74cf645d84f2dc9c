import type { View } from "../state/store.ts";
import { type Bounds, fit, pan, type Size, type Spot, zoomAround } from "./camera.ts";
import { CameraMotion } from "./camera-motion.ts";
import { type PictureScale, pictureScale } from "./picture-scale.ts";
import { isCalm } from "./watch-theme.ts";

export interface MapCameraOptions {
  /** Of all pictures. */
  readonly bounds: Bounds;
  /** Usual distance of neighbours. */
  readonly spacing: number;
  readonly size: Size;
  /** CSS pixels at the top of the map that tools lie over. */
  readonly covered: number;
  /** Where to begin; null for the whole map. */
  readonly view: View | null;
  onChange(): void;
}

/** CSS pixels that stay free around the whole map, and around a part that the map flies to. */
const MARGIN = 56;
const PART_MARGIN = 84;
/** CSS pixels between neighbours where a few pictures are the whole map. */
const FEW = 64;

/** What is looked at, and how one gets elsewhere. */
export class MapCamera {
  size: Size;
  covered: number;
  readonly scale: PictureScale;
  private readonly bounds: Bounds;
  private readonly closestWhole: number;
  private readonly motion: CameraMotion;
  private readonly onChange: () => void;

  constructor({ bounds, spacing, size, covered, view, onChange }: MapCameraOptions) {
    this.size = size;
    this.covered = covered;
    this.onChange = onChange;
    this.bounds = bounds;
    this.closestWhole = Math.log2(FEW / spacing);
    this.scale = pictureScale(spacing, this.whole.zoom);
    this.motion = new CameraMotion(view ?? this.whole);
  }

  get view(): View {
    return this.motion.view;
  }

  get isMoving(): boolean {
    return this.motion.isMoving;
  }

  /** CSS pixels. */
  get pointRadius(): number {
    return this.scale.pointRadius(this.view.zoom);
  }

  /** Coming closer shows no more. */
  get isClosest(): boolean {
    return this.view.zoom > this.scale.closest - 0.01;
  }

  step(now: number): void {
    this.motion.step(now, this.size);
  }

  moveTo(view: View): void {
    this.motion.jump(this.bounded(view));
    this.onChange();
  }

  /** As if the map hung on the pointer; CSS pixels. */
  pan(deltaX: number, deltaY: number): void {
    this.moveTo(pan(this.view, deltaX, deltaY));
  }

  /** @param isSmooth with motion in between, where people want any @param spot stays where it is; default the middle */
  zoomBy(
    change: number,
    isSmooth: boolean,
    spot: Spot = { x: this.size.width / 2, y: this.size.height / 2 },
  ): void {
    const range = [this.farthest, this.scale.closest] as const;
    if (isSmooth && !isCalm()) this.motion.zoomBy(change, spot, range, performance.now());
    else {
      const { zoom } = this.bounded({ ...this.view, zoom: this.view.zoom + change });
      this.motion.jump(zoomAround(this.view, this.size, spot, zoom));
    }
    this.onChange();
  }

  flyTo(view: View): void {
    this.motion.fly(this.bounded(view), this.size, performance.now(), isCalm());
    this.onChange();
  }

  showAll(): void {
    this.flyTo(this.whole);
  }

  /** Not so close that what is around is lost. */
  flyToPart(bounds: Bounds): void {
    const { size, covered } = this;
    const padding = Math.min(PART_MARGIN, size.width / 6, size.height / 6);
    this.flyTo(fit(bounds, size, { padding, covered, closest: this.scale.start + 2 }));
  }

  flyToSpot({ x, y }: Spot): void {
    this.flyTo({ x, y, zoom: Math.max(this.view.zoom, this.scale.start + 1) });
  }

  /** In the room that there is now: panels come and go beside the map. */
  private get whole(): View {
    const { size, covered } = this;
    const padding = Math.min(MARGIN, size.width / 8, size.height / 8);
    return fit(this.bounds, size, { padding, covered, closest: this.closestWhole });
  }

  private get farthest(): number {
    return this.whole.zoom - 1;
  }

  private bounded(view: View): View {
    const zoom = Math.min(this.scale.closest, Math.max(this.farthest, view.zoom));
    return zoom === view.zoom ? view : { ...view, zoom };
  }
}
