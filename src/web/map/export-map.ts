import { toScreen } from "./camera.ts";
import { currentMap, type MapSnapshot } from "./current-map.ts";
import { mapSvg } from "./map-svg.ts";
import { GROUND, hexOf, INK } from "./palette.ts";

/** Pixels of a saved picture in a CSS pixel: sharp on paper and on good screens. */
const RATIO = 2;
/** Of names, around them; CSS pixels. */
const HALO = 3.5;

/** The map as it is seen now, with its names. @throws Error when there is no map, or the browser cannot write it */
export async function mapAsPng(): Promise<Blob> {
  const canvas = paintedCopy(snapshot());
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("The map could not be written as PNG.");
  return blob;
}

/** Points and names of the map as it is seen now, without pictures. @throws Error when there is no map */
export function mapAsSvg(): Blob {
  return new Blob([mapSvg(snapshot())], { type: "image/svg+xml" });
}

function snapshot(): MapSnapshot {
  const map = currentMap();
  if (map === null) throw new Error("There is no map to be saved.");
  return map.snapshot(RATIO);
}

function paintedCopy({
  canvas,
  size,
  ratio,
  theme,
  view,
  names,
  fontFamily,
}: MapSnapshot): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d")!;
  context.drawImage(canvas, 0, 0);
  context.scale(ratio, ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = HALO;
  context.strokeStyle = hexOf(GROUND[theme]);
  context.fillStyle = hexOf(INK[theme]);
  for (const name of names) {
    const { x, y } = toScreen(view, size, name);
    context.font = `600 ${name.font}px ${fontFamily}`;
    context.strokeText(name.name, x, y);
    context.fillText(name.name, x, y);
  }
  return copy;
}
