import { createCanvasPainter } from "./canvas-painter.ts";
import { createGlPainter } from "./gl/gl-painter.ts";
import type { MapPainter } from "./painter.ts";

/**
 * Draws on a new canvas in `ground`, with WebGL2 where there is any.
 *
 * @param places x and y of each row
 * @param onLost the graphics card was taken away: another painter is needed
 */
export async function startPainter(
  ground: HTMLElement,
  places: Float32Array,
  onLost: () => void,
): Promise<MapPainter> {
  try {
    return await createGlPainter({ canvas: newCanvas(ground), places, onLost });
  } catch {
    // A canvas that was asked for WebGL gives nothing else.
    return createCanvasPainter(newCanvas(ground), places);
  }
}

function newCanvas(ground: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  ground.replaceChildren(canvas);
  return canvas;
}
