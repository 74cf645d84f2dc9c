import { escapeXml } from "../../core/view/escape-xml.ts";
import type { Rgb } from "../../core/view/oklch.ts";
import { type Size, type Spot, toScreen } from "./camera.ts";
import type { MapSnapshot } from "./current-map.ts";
import { GROUND, hexOf, INK } from "./palette.ts";
import { DIMMED, LIT } from "./point-colors.ts";

/** Steps of a pixel that places are rounded to: points of one colour on one step are drawn once. */
const STEPS = 4;
const DIMMED_OPACITY = 0.2;

/**
 * The points and names of a map as SVG, without the pictures: one path for all points of a colour, so that a million of them stay
 * a file that other programs open.
 */
export function mapSvg(snapshot: Omit<MapSnapshot, "canvas" | "ratio">): string {
  const { size, theme, names, fontFamily } = snapshot;
  const width = Math.round(size.width);
  const height = Math.round(size.height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${hexOf(GROUND[theme])}"/>`,
    `<g fill="none" stroke-linecap="round">`,
    ...pointPaths(snapshot),
    "</g>",
    `<g font-family="${escapeXml(fontFamily)}" font-weight="600" text-anchor="middle" fill="${hexOf(INK[theme])}" stroke="${hexOf(GROUND[theme])}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">`,
    ...names.map((name) => {
      const { x, y } = toScreen(snapshot.view, size, name);
      return `<text x="${x.toFixed(1)}" y="${(y + name.font * 0.36).toFixed(1)}" font-size="${name.font}">${escapeXml(name.name)}</text>`;
    }),
    "</g></svg>",
  ].join("\n");
}

interface Dots {
  readonly color: Rgb;
  readonly look: number;
  /** Steps that have a dot: line by line, as one number. */
  readonly seen: Set<number>;
  readonly path: string[];
}

/** Dimmed points first, under the lit ones. */
function pointPaths(snapshot: Omit<MapSnapshot, "canvas" | "ratio">): string[] {
  const { places, colors, view, size, pointRadius } = snapshot;
  const groups = new Map<number, Dots>();
  for (let row = 0; 4 * row < colors.length; row++) {
    const spot = toScreen(view, size, { x: places[2 * row]!, y: places[2 * row + 1]! });
    if (isInside(spot, size)) addDot(dotsOf(groups, colors, row), spot);
  }
  return [...groups.values()]
    .sort((a, b) => a.look - b.look)
    .map(({ color, look, path }) => {
      const diameter = 2 * pointRadius * (look === LIT ? 1 : 0.75);
      const opacity = look === DIMMED ? ` stroke-opacity="${DIMMED_OPACITY}"` : "";
      return `<path stroke="${hexOf(color)}"${opacity} stroke-width="${diameter.toFixed(2)}" d="${path.join("")}"/>`;
    });
}

function isInside({ x, y }: Spot, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function dotsOf(groups: Map<number, Dots>, colors: Uint8Array, row: number): Dots {
  const [red, green, blue, look] = colors.subarray(4 * row, 4 * row + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const key = ((red * 256 + green) * 256 + blue) * 256 + look;
  let dots = groups.get(key);
  if (dots === undefined) {
    dots = { color: [red, green, blue], look, seen: new Set(), path: [] };
    groups.set(key, dots);
  }
  return dots;
}

function addDot({ seen, path }: Dots, { x, y }: Spot): void {
  const column = Math.round(x * STEPS);
  const line = Math.round(y * STEPS);
  const step = line * 65_536 + column;
  if (seen.has(step)) return;
  seen.add(step);
  path.push(`M${column / STEPS} ${line / STEPS}h0`);
}
