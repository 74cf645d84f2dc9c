import type { View } from "../state/store.ts";
import { type Size, type Spot, zoomAround } from "./camera.ts";
import { type Flight, flight } from "./flight.ts";

/** Share of the way to the wanted zoom that is made in a sixtieth of a second. */
const EAGERNESS = 0.3;
const NEAR_ENOUGH = 0.002;

interface ZoomTarget {
  readonly spot: Spot;
  readonly zoom: number;
}

/** The view as it is now, and the way it is going: to a zoom around a spot, or on a flight. */
export class CameraMotion {
  view: View;
  private target: ZoomTarget | null = null;
  private flying: { readonly flight: Flight; readonly start: number } | null = null;
  private last = 0;

  constructor(view: View) {
    this.view = view;
  }

  get isMoving(): boolean {
    return this.target !== null || this.flying !== null;
  }

  /** At once; ends what is going on. */
  jump(view: View): void {
    this.view = view;
    this.target = null;
    this.flying = null;
  }

  /** @param isCalm without any motion between */
  fly(to: View, size: Size, now: number, isCalm: boolean): void {
    this.jump(isCalm ? to : this.view);
    if (!isCalm) this.flying = { flight: flight(this.view, to, size), start: now };
  }

  /** Closer or farther by some zoom, from where earlier ones will have led. */
  zoomBy(
    change: number,
    spot: Spot,
    bounds: readonly [farthest: number, closest: number],
    now: number,
  ): void {
    this.flying = null;
    if (this.target === null) this.last = now;
    const from = this.target?.zoom ?? this.view.zoom;
    this.target = { spot, zoom: Math.min(bounds[1], Math.max(bounds[0], from + change)) };
  }

  /** Ends a zoom at once, where nothing is to move. */
  arrive(size: Size): void {
    if (this.target !== null) this.jump(zoomAround(this.view, size, this.target.spot, this.target.zoom));
  }

  /** Goes on to a moment. */
  step(now: number, size: Size): void {
    if (this.flying !== null) {
      const { flight: way, start } = this.flying;
      const share = way.duration === 0 ? 1 : (now - start) / way.duration;
      this.view = way.at(share);
      if (share >= 1) this.flying = null;
    } else if (this.target !== null) this.stepZoom(now, size, this.target);
    this.last = now;
  }

  private stepZoom(now: number, size: Size, { spot, zoom }: ZoomTarget): void {
    const left = (1 - EAGERNESS) ** (Math.max(1, now - this.last) / (1000 / 60));
    const isThere = Math.abs(zoom - this.view.zoom) * left < NEAR_ENOUGH;
    const next = isThere ? zoom : zoom + (this.view.zoom - zoom) * left;
    this.view = zoomAround(this.view, size, spot, next);
    if (isThere) this.target = null;
  }
}
