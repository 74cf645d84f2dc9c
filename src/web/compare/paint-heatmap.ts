import { type HeatmapLayout, namedPlaces } from "./heatmap-layout.ts";
import type { OrderedSimilarity } from "./ordered-similarity.ts";
import { themeColours } from "./theme-colours.ts";

const TOKENS = ["--ink", "--ink-2", "--heat-0", "--heat-1", "--heat-2"] as const;

type Colours = Readonly<Record<(typeof TOKENS)[number], string>>;

export interface HeatmapPicture {
  readonly ordered: OrderedSimilarity;
  readonly layout: HeatmapLayout;
  readonly nameAt: (place: number) => string;
  readonly sizeAt: (place: number) => number;
  readonly cell: { readonly row: number; readonly column: number } | null;
}

export type HeatmapPainter = (canvas: HTMLCanvasElement, picture: HeatmapPicture) => void;

/** Draws the cells as one small image, scaled without smoothing, and keeps it: to point at another cell takes no longer with 300 concepts than with 30. */
export function heatmapPainter(): HeatmapPainter {
  let kept: {
    readonly of: OrderedSimilarity;
    readonly ground: string;
    readonly image: HTMLCanvasElement;
  } | null = null;
  return (canvas, picture) => {
    const colours = themeColours(canvas, TOKENS);
    const { ordered } = picture;
    if (kept?.of !== ordered || kept.ground !== colours["--heat-0"])
      kept = { of: ordered, ground: colours["--heat-0"], image: cellsImage(ordered, colours) };
    paint(canvas, picture, kept.image, colours);
  };
}

function paint(
  canvas: HTMLCanvasElement,
  picture: HeatmapPicture,
  image: HTMLCanvasElement,
  colours: Colours,
): void {
  const { layout, cell } = picture;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const context = canvas.getContext("2d");
  if (context === null || layout.count === 0 || layout.side <= 0) return;
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.drawImage(image, layout.left, layout.top, layout.side, layout.side);
  if (layout.font > 0) paintNames(context, picture, colours);
  if (cell !== null) paintCross(context, layout, cell, colours["--ink"]);
}

function cellsImage({ ids, values, least, most }: OrderedSimilarity, colours: Colours): HTMLCanvasElement {
  const count = ids.length;
  const image = document.createElement("canvas");
  image.width = count;
  image.height = count;
  const context = image.getContext("2d")!;
  const ramp = colourRamp(colours);
  const pixels = context.createImageData(count, count);
  for (let i = 0; i < values.length; i++) {
    const share = most > least ? (values[i]! - least) / (most - least) : 0;
    const step = 4 * Math.round(255 * Math.min(1, Math.max(0, share)));
    for (let channel = 0; channel < 4; channel++) pixels.data[4 * i + channel] = ramp[step + channel]!;
  }
  context.putImageData(pixels, 0, 0);
  return image;
}

/** 256 colours from the paper to the accent, as the theme has them. */
function colourRamp(colours: Colours): Uint8ClampedArray {
  const canvas = document.createElement("canvas");
  canvas.width = 256;
  canvas.height = 1;
  const ramp = canvas.getContext("2d")!;
  const gradient = ramp.createLinearGradient(0, 0, 256, 0);
  gradient.addColorStop(0, colours["--heat-0"]);
  gradient.addColorStop(0.55, colours["--heat-1"]);
  gradient.addColorStop(1, colours["--heat-2"]);
  ramp.fillStyle = gradient;
  ramp.fillRect(0, 0, 256, 1);
  return ramp.getImageData(0, 0, 256, 1).data;
}

function paintNames(context: CanvasRenderingContext2D, picture: HeatmapPicture, colours: Colours): void {
  const { layout, nameAt, sizeAt, cell } = picture;
  const { left, top, font } = layout;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const family = getComputedStyle(context.canvas).fontFamily;
  const write = (place: number): void => {
    const y = Math.min(
      top + layout.side - font / 2,
      Math.max(top + font / 2, top + (place + 0.5) * layout.cell),
    );
    context.fillText(fitted(context, nameAt(place), left - 12), left - 8, y);
  };
  context.font = `400 ${font}px ${family}`;
  context.fillStyle = colours["--ink-2"];
  // The row that is pointed at has its name, and the room for it.
  const isFree = (place: number): boolean =>
    cell === null || Math.abs(place - cell.row) * layout.cell >= font;
  for (const place of namedPlaces(layout, sizeAt)) if (isFree(place)) write(place);
  if (cell === null) return;
  context.font = `600 ${font}px ${family}`;
  context.fillStyle = colours["--ink"];
  write(cell.row);
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && context.measureText(`${characters.join("")}…`).width > width)
    characters.pop();
  return `${characters.join("")}…`;
}

/** Frames of the row and the column that meet. */
function paintCross(
  context: CanvasRenderingContext2D,
  { left, top, side, cell }: HeatmapLayout,
  { row, column }: { readonly row: number; readonly column: number },
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha = 0.35;
  context.strokeRect(left + 0.5, top + row * cell, side - 1, cell);
  context.strokeRect(left + column * cell, top + 0.5, cell, side - 1);
  context.globalAlpha = 1;
  const least = Math.max(cell, 5);
  context.lineWidth = 1.5;
  context.strokeRect(
    left + (column + 0.5) * cell - least / 2,
    top + (row + 0.5) * cell - least / 2,
    least,
    least,
  );
}
