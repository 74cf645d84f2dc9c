import { type CollageLayout, fontSizes, type PlacedText, type PlacedTile } from "./collage-layout.ts";
import { type CollageTheme, type ColorRole, collageColors } from "./collage-theme.ts";
import { escapeXml } from "./escape-xml.ts";
import type { CollageFonts } from "./font-metrics.ts";
import type { PlacedBox } from "./picture-mosaic.ts";
import { cleanText, fitText } from "./text-fit.ts";

/** A picture as it is put into the SVG, in the place the layout gave it. */
export interface DrawnPicture {
  /** Data URI or URL; undefined for a picture that is no more: its place shows its name. */
  readonly href?: string | undefined;
  /** Its name, for those who do not see it, and for the place of a missing one. */
  readonly name?: string | undefined;
  /**
   * `"opaque"` (default): gets round corners and a hairline. The rest are transparent and lie bare on the card:
   * `"transparent"`, or, where what can be seen is nearly all dark or light, `"dark-ink"` or `"light-ink"`.
   */
  readonly surface?: "opaque" | "transparent" | "dark-ink" | "light-ink" | undefined;
  /** Set for small pictures whose pixels must stay sharp. */
  readonly pixelated?: boolean | undefined;
}

export interface CollageSvgOptions {
  /** Default `"light"`. */
  readonly theme?: CollageTheme | undefined;
  /** CSS put first into the SVG, such as `@font-face` rules; trusted. Default none. */
  readonly css?: string | undefined;
  /** Generic families and fonts for characters that Inter lacks; default `sans-serif`. */
  readonly fallbackFamily?: string | undefined;
}

const pictureRadius = 6;
const cardRadius = 14;
const missingLabel = 11;

/**
 * The collage as an SVG document. It holds no script and no link; every string of the caller is escaped.
 *
 * @param pictures for each tile of the layout its pictures, in the tile's order
 */
export function collageSvg(
  layout: CollageLayout,
  pictures: readonly (readonly DrawnPicture[])[],
  fonts: CollageFonts,
  options: CollageSvgOptions = {},
): string {
  const colors = collageColors[options.theme ?? "light"];
  const painter = { fonts, fill: (role: ColorRole) => `class="cm-${role}" fill="${colors[role]}"` };
  const { width, height } = layout;
  const heading = layout.texts.find(({ style }) => style === "heading");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="Inter, ${escapeXml(options.fallbackFamily ?? "sans-serif")}" role="img">`,
    `<title>${escapeXml(heading?.text ?? "Concepts")}</title>`,
    options.css === undefined ? "" : `<style>${escapeXml(options.css)}</style>`,
    `<rect ${painter.fill("page")} width="${width}" height="${height}"/>`,
    ...layout.texts.map((text) => textElement(text, painter)),
    ...layout.tiles.map((tile, i) => tileElement(tile, pictures[i] ?? [], i, painter)),
    "</svg>\n",
  ].join("\n");
}

interface Painter {
  readonly fonts: CollageFonts;
  fill(role: ColorRole): string;
}

function tileElement(
  tile: PlacedTile,
  pictures: readonly DrawnPicture[],
  index: number,
  painter: Painter,
): string {
  const { rule } = tile;
  const bar = { ...rule, width: Math.max(rule.height, Math.round(rule.width * rule.filled)) };
  // The border is a larger rectangle below the card: crisp at every scale, and one fill class a colour.
  const outer = { x: tile.x - 1, y: tile.y - 1, width: tile.width + 2, height: tile.height + 2 };
  return [
    `<clipPath id="cm-tile-${index}"><rect ${box(tile)}/></clipPath>`,
    `<g>`,
    `<rect ${painter.fill("border")} ${box(outer)} rx="${cardRadius + 1}"/>`,
    `<rect ${painter.fill("card")} ${box(tile)} rx="${cardRadius}"/>`,
    // Fonts of the system may be wider than estimated: nothing leaves its tile.
    `<g clip-path="url(#cm-tile-${index})">`,
    ...tile.texts.map((text) => textElement(text, painter)),
    "</g>",
    `<rect ${painter.fill("track")} ${box(rule)} rx="${rule.height / 2}"/>`,
    rule.filled > 0 ? `<rect ${painter.fill("accent")} ${box(bar)} rx="${rule.height / 2}"/>` : "",
    ...tile.pictures.map((place, i) => pictureElement(place, pictures[i] ?? {}, painter)),
    "</g>",
  ].join("\n");
}

function pictureElement(place: PlacedBox, picture: DrawnPicture, painter: Painter): string {
  const name = cleanText(picture.name ?? "");
  if (picture.href === undefined) return missingElement(place, name, painter);
  const surface = picture.surface ?? "opaque";
  const plate =
    surface === "dark-ink" || surface === "light-ink"
      ? `<rect ${painter.fill(surface)} ${box(place)} rx="${pictureRadius}"/>`
      : "";
  const image =
    `<image ${box(place)} preserveAspectRatio="xMidYMid slice" href="${escapeXml(picture.href)}"` +
    `${picture.pixelated ? ` image-rendering="optimizeSpeed" style="image-rendering:pixelated"` : ""}` +
    `${name === "" ? "" : ` aria-label="${escapeXml(name)}"`}/>`;
  return plate + image + (surface === "opaque" ? frame(place, painter) : "");
}

/** Covers the corners of a picture with the colour of the card: clip paths cost a layer a picture when rendered. */
function frame({ x, y, width, height }: PlacedBox, painter: Painter): string {
  const r = Math.min(pictureRadius, width / 4, height / 4);
  const corner = (cx: number, cy: number, sx: number, sy: number): string =>
    `M${cx} ${cy}h${sx * r}q${-sx * r} 0 ${-sx * r} ${sy * r}z`;
  const corners =
    corner(x, y, 1, 1) +
    corner(x + width, y, -1, 1) +
    corner(x, y + height, 1, -1) +
    corner(x + width, y + height, -1, -1);
  const inner = grown({ x, y, width, height }, -0.25);
  const hairline = `<rect class="cm-hairline" ${box(inner)} rx="${r}" fill="none" stroke="#808080" stroke-opacity="0.35" stroke-width="0.5"/>`;
  return `<path ${painter.fill("card")} d="${corners}"/>${hairline}`;
}

function missingElement(place: PlacedBox, name: string, painter: Painter): string {
  const label = fitText(name, painter.fonts.regular, missingLabel, place.width - 12);
  const x = place.x + place.width / 2;
  const y = place.y + place.height / 2 + missingLabel * 0.36;
  const text =
    place.width < 40 || place.height < 20 || label.length < 2
      ? ""
      : `<text ${painter.fill("muted")} x="${x}" y="${y}" text-anchor="middle" font-size="${missingLabel}">${escapeXml(label)}</text>`;
  return `<rect ${painter.fill("missing")} ${box(place)} rx="${pictureRadius}"/>${text}`;
}

function textElement({ text, style, x, baseline }: PlacedText, painter: Painter): string {
  const strong = style === "heading" || style === "title";
  return (
    `<text ${painter.fill(strong ? "text" : "muted")} x="${x}" y="${baseline}" font-size="${fontSizes[style]}"` +
    `${strong ? ` font-weight="600"` : ""}${style === "heading" ? ` letter-spacing="-0.4"` : ""}` +
    `${style === "count" ? ` text-anchor="end"` : ""}>${escapeXml(text)}</text>`
  );
}

function box({ x, y, width, height }: PlacedBox): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

function grown({ x, y, width, height }: PlacedBox, by: number): PlacedBox {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
