import type { HeatmapLayout } from "./heatmap-layout.ts";
import type { OrderedSimilarity } from "./ordered-similarity.ts";
import { themeColours } from "./theme-colours.ts";

type Colours = Readonly<Record<"--ink" | "--ink-2" | "--heat-0" | "--heat-1" | "--heat-2", string>>;

export interface HeatmapPicture {
  readonly ordered: OrderedSimilarity;
  readonly layout: HeatmapLayout;
  readonly nameAt: (place: number) => string;
  readonly cell: { readonly row: number; readonly column: number } | null;
}

/** Draws the cells as one small image, scaled without smoothing: 300 concepts take no longer than 30. */
export function paintHeatmap(
  canvas: HTMLCanvasElement,
  { ordered, layout, nameAt, cell }: HeatmapPicture,
): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const context = canvas.getContext("2d");
  if (context === null || layout.count === 0 || layout.side <= 0) return;
  context.scale(ratio, ratio);
  const colours = themeColours(canvas, ["--ink", "--ink-2", "--heat-0", "--heat-1", "--heat-2"]);
  context.imageSmoothingEnabled = false;
  context.drawImage(cellsImage(ordered, colours), layout.left, layout.top, layout.side, layout.side);
  if (layout.font > 0) paintNames(context, layout, nameAt, cell?.row ?? null, colours);
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

function paintNames(
  context: CanvasRenderingContext2D,
  { count, left, top, cell, font }: HeatmapLayout,
  nameAt: HeatmapPicture["nameAt"],
  marked: number | null,
  colours: Colours,
): void {
  context.textAlign = "right";
  context.textBaseline = "middle";
  const family = getComputedStyle(context.canvas).fontFamily;
  for (let place = 0; place < count; place++) {
    context.font = `${place === marked ? 600 : 400} ${font}px ${family}`;
    context.fillStyle = colours[place === marked ? "--ink" : "--ink-2"];
    context.fillText(fitted(context, nameAt(place), left - 12), left - 8, top + (place + 0.5) * cell);
  }
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
