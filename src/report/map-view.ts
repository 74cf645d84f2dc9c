import type { ReportConcept } from "../core/report/report-data.ts";
import { placeLabels } from "./labels.ts";
import { PointSprites } from "./point-sprites.ts";
import type { Thumbnails } from "./thumbnails.ts";

export interface MapContent {
  readonly concepts: readonly ReportConcept[];
  /** Two a row, 0 to 65535. */
  readonly places: Uint16Array;
  /** Place in `concepts` + 1, 0 for none. */
  readonly groups: Uint32Array;
}

/** Pixels of a side from which a picture says more than a point. */
const PICTURE = 9;
const LARGEST = 140;
/** So few that are looked for are pictures at every zoom, of this side at least. */
const FEW = 200;
const FOUND = 26;
const UNIT = 65_535;
const ZOOMS = { least: 0.5, most: 80 } as const;

/** Draws the map on a canvas, and lets people move about on it. */
export class MapView {
  onPick: (row: number) => void = () => undefined;
  onHover: (row: number, x: number, y: number) => void = () => undefined;
  private readonly canvas: HTMLCanvasElement;
  private readonly content: MapContent;
  private readonly thumbnails: Thumbnails;
  private readonly order: Uint32Array;
  private readonly sprites = new PointSprites();
  private bright: Uint8Array | null = null;
  private brightCount = 0;
  private picked = -1;
  private centre = { x: 0.5, y: 0.5 };
  private zoom = 1;
  private size = { width: 1, height: 1 };
  private waiting = false;

  constructor(canvas: HTMLCanvasElement, content: MapContent, thumbnails: Thumbnails) {
    this.canvas = canvas;
    this.content = content;
    this.thumbnails = thumbnails;
    const { groups } = content;
    // One colour after the other.
    this.order = Uint32Array.from(groups.keys()).sort((a, b) => groups[a]! - groups[b]!);
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** @param rows shown bright, the others dim; null for all alike */
  show(rows: Uint8Array | null): void {
    this.bright = rows;
    this.brightCount = rows === null ? 0 : rows.reduce((sum, one) => sum + one, 0);
    this.draw();
  }

  pick(row: number): void {
    this.picked = row;
    this.draw();
  }

  /** The whole map, or as much as these rows cover. */
  fit(rows: readonly number[] | null = null): void {
    if (rows === null || rows.length === 0) {
      this.centre = { x: 0.5, y: 0.5 };
      this.zoom = 1;
    } else {
      const axis = (offset: number): number[] =>
        rows.map((row) => this.content.places[2 * row + offset]! / UNIT).sort((a, b) => a - b);
      const [xs, ys] = [axis(0), axis(1)];
      // Strays do not count.
      const [low, high] = [Math.floor(0.03 * rows.length), Math.ceil(0.97 * rows.length) - 1];
      this.centre = { x: (xs[low]! + xs[high]!) / 2, y: (ys[low]! + ys[high]!) / 2 };
      const span = Math.max(xs[high]! - xs[low]!, ys[high]! - ys[low]!, 0.02);
      this.zoom = Math.min(ZOOMS.most, Math.max(1, 0.7 / span));
    }
    this.draw();
  }

  /** @param x,y pixels that stay where they are */
  zoomBy(factor: number, x: number = this.size.width / 2, y: number = this.size.height / 2): void {
    const next = Math.min(ZOOMS.most, Math.max(ZOOMS.least, this.zoom * factor));
    const move = 1 / this.scale - this.zoom / (next * this.scale);
    this.centre.x += (x - this.size.width / 2) * move;
    this.centre.y += (y - this.size.height / 2) * move;
    this.zoom = next;
    this.draw();
  }

  /** @param x,y pixels */
  panBy(x: number, y: number): void {
    this.centre.x -= x / this.scale;
    this.centre.y -= y / this.scale;
    this.draw();
  }

  /** The picture at a place of the canvas, -1 for none. */
  rowAt(x: number, y: number): number {
    const reach = Math.max(8, this.brightSide / 2);
    let nearest = -1;
    let least = reach * reach;
    for (let row = 0; row < this.content.groups.length; row++) {
      const [dx, dy] = [this.screenX(row) - x, this.screenY(row) - y];
      const distance = dx * dx + dy * dy;
      const dim = this.bright !== null && this.bright[row] === 0;
      if (distance >= least || (dim && nearest !== -1)) continue;
      least = distance;
      nearest = row;
    }
    return nearest;
  }

  draw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  /** Pixels of the map's side. */
  private get scale(): number {
    return 0.94 * Math.min(this.size.width, this.size.height) * this.zoom;
  }

  /** Pixels of a picture's side, so that all would just cover the map. */
  private get side(): number {
    return Math.min(LARGEST, (0.9 * this.scale) / Math.sqrt(this.content.groups.length));
  }

  /** Of the pictures that are looked for. */
  private get brightSide(): number {
    return this.brightCount > 0 && this.brightCount <= FEW ? Math.max(FOUND, this.side) : this.side;
  }

  private screenX(row: number): number {
    return (this.content.places[2 * row]! / UNIT - this.centre.x) * this.scale + this.size.width / 2;
  }

  private screenY(row: number): number {
    return (this.content.places[2 * row + 1]! / UNIT - this.centre.y) * this.scale + this.size.height / 2;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.size = { width, height };
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.draw();
  }

  private paint(): void {
    const context = this.canvas.getContext("2d")!;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.size.width, this.size.height);
    if (this.bright !== null) this.paintRows(context, 0);
    this.paintRows(context, 1);
    context.globalAlpha = 1;
    if (this.picked !== -1) this.paintFrame(context, this.picked);
    this.paintLabels(context);
  }

  /** @param brightness 0 for the dim rows, 1 for the bright ones */
  private paintRows(context: CanvasRenderingContext2D, brightness: 0 | 1): void {
    const { width, height } = this.size;
    const { bright, content } = this;
    const side = this.brightSide;
    const asPictures = brightness === 1 && side >= PICTURE;
    const radius = Math.max(1.6, Math.min(4, this.side / 4));
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    context.globalAlpha = brightness === 1 ? 1 : 0.22;
    for (const row of this.order) {
      if (bright !== null && bright[row] !== brightness) continue;
      const [x, y] = [this.screenX(row), this.screenY(row)];
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      if (asPictures && this.thumbnails.draw(context, row, x - side / 2, y - side / 2, side)) continue;
      const group = content.groups[row]!;
      const id = group === 0 ? -1 : content.concepts[group - 1]!.id;
      this.sprites.draw(context, id, { x, y, radius, isDark });
    }
  }

  private paintFrame(context: CanvasRenderingContext2D, row: number): void {
    const half = Math.max(6, this.brightSide / 2) + 2;
    context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue("--accent");
    context.lineWidth = 3;
    context.strokeRect(this.screenX(row) - half, this.screenY(row) - half, 2 * half, 2 * half);
  }

  private paintLabels(context: CanvasRenderingContext2D): void {
    const style = getComputedStyle(this.canvas);
    const labels = this.content.concepts.map(({ name, size, exemplars }, place) => {
      const first = exemplars[0] ?? -1;
      const font = Math.round(Math.min(20, 11 + 60 * Math.sqrt(size / this.content.groups.length) * 0.3));
      const hidden = first === -1 || (this.bright !== null && this.bright[first] === 0);
      return { text: name, place, font, x: this.screenX(first), y: this.screenY(first), hidden };
    });
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = style.getPropertyValue("--page");
    context.fillStyle = style.getPropertyValue("--text");
    const measure = (text: string, font: number): number => {
      context.font = `600 ${font}px system-ui, sans-serif`;
      return context.measureText(text).width;
    };
    for (const { text, font, x, y } of placeLabels(labels, this.size, measure)) {
      context.font = `600 ${font}px system-ui, sans-serif`;
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    }
  }
}
