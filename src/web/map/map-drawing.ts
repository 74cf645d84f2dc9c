import type { ApiModel } from "../../core/explorer/api.ts";
import type { Points } from "../state/points.ts";
import type { ExplorerState } from "../state/store.ts";
import type { MapSnapshot } from "./current-map.ts";
import type { MapCamera } from "./map-camera.ts";
import { MapLook } from "./map-look.ts";
import { MapPictures } from "./map-pictures.ts";
import { useMapStatus } from "./map-status.ts";
import { Pace } from "./pace.ts";
import type { MapPainter } from "./painter.ts";
import { startPainter } from "./start-painter.ts";
import { shownTheme } from "./watch-theme.ts";

export interface MapDrawingOptions {
  /** Takes the canvas. */
  readonly ground: HTMLElement;
  readonly points: Points;
  readonly model: ApiModel;
  readonly camera: MapCamera;
  /** Something new is to be drawn. */
  onChange(): void;
}

/** Device pixels in a CSS pixel at most: more is not seen and takes time. */
const MOST_RATIO = 2;

/** Points and pictures: how they look, and the canvas on which they are drawn. */
export class MapDrawing {
  readonly look: MapLook = new MapLook(shownTheme());
  readonly pictures: MapPictures;
  /** Every how-many-th point was drawn last. */
  step = 1;
  private readonly options: MapDrawingOptions;
  private readonly pace: Pace;
  private painter: MapPainter | null = null;
  private isDestroyed = false;

  constructor(options: MapDrawingOptions) {
    this.options = options;
    const { points, model, camera, onChange } = options;
    this.pace = new Pace(points.concepts.length);
    this.pictures = new MapPictures({ points, model, scale: camera.scale, onChange });
    void this.start();
  }

  /** @returns whether points look different now */
  follow(state: ExplorerState): boolean {
    const changes = this.look.update(state, shownTheme());
    if (changes.lasting) this.pictures.choose(this.look.lasting);
    if (changes.colors) this.painter?.setColors(this.look.colors);
    return changes.colors;
  }

  /** @param isMoving whether the map moves @returns false when it has to be drawn again soon */
  draw(now: number, isMoving: boolean): boolean {
    this.step = this.pace.step(now, isMoving);
    return this.paint(Math.min(MOST_RATIO, devicePixelRatio), this.step);
  }

  /** All that is drawn, at another resolution, until the next frame. */
  snapshot(ratio: number): Omit<MapSnapshot, "names" | "fontFamily"> {
    const { look, options } = this;
    const { view, size, pointRadius } = options.camera;
    this.paint(ratio, 1);
    return {
      canvas: this.painter!.canvas,
      view,
      size,
      ratio,
      theme: look.theme,
      places: options.points.map,
      colors: look.colors,
      pointRadius,
    };
  }

  destroy(): void {
    this.isDestroyed = true;
    this.pictures.destroy();
    this.painter?.destroy();
  }

  private paint(ratio: number, step: number): boolean {
    const { look, pictures } = this;
    const { view, size, pointRadius } = this.options.camera;
    const isFading = pictures.prepare(view, size, { ratio, colors: look.colors, now: performance.now() });
    const hasDimmed = look.lit !== null;
    const { theme } = look;
    const frame = { view, size, ratio, step, theme, pointRadius, hasDimmed, sprites: pictures.sprites };
    const isDrawn = this.painter?.draw(frame);
    if (isDrawn === true) markFirst();
    return !isFading && isDrawn !== false;
  }

  /** Again whenever the graphics card was taken away. */
  private async start(): Promise<void> {
    this.setPainter(null);
    const { ground, points } = this.options;
    const painter = await startPainter(ground, points.map, () => void this.start());
    if (this.isDestroyed) painter.destroy();
    else this.setPainter(painter);
  }

  private setPainter(painter: MapPainter | null): void {
    this.painter = painter;
    this.pictures.setPainter(painter);
    painter?.setColors(this.look.colors);
    useMapStatus.setState({ painter: painter?.kind ?? "starting" });
    this.options.onChange();
  }
}

/** For those who measure how long the map takes to appear. */
function markFirst(): void {
  if (performance.getEntriesByName("map").length === 0) performance.mark("map");
}
