import { scaleOf } from "./camera.ts";
import type { Frame, MapPainter } from "./painter.ts";
import { GROUND } from "./palette.ts";
import { DIMMED, SMALL } from "./point-colors.ts";

/** How much of its colour a dimmed point keeps; as in the shader of gl/point-program.ts. */
const DIMMED_SHARE = 0.2;

/**
 * Draws points, without pictures, where the browser has no WebGL2: stamps of pixels into one image, since a path for each point
 * would take seconds where this takes a hundredth.
 *
 * @param places x and y of each row
 */
export function createCanvasPainter(canvas: HTMLCanvasElement, places: Float32Array): MapPainter {
  const context = canvas.getContext("2d", { alpha: false })!;
  let colors: Uint8Array = new Uint8Array(0);
  let image: ImageData | null = null;
  return {
    kind: "canvas",
    canvas,
    setColors(next) {
      colors = next;
    },
    placePage: (_, bitmap) => bitmap.close(),
    draw(frame) {
      const width = Math.max(1, Math.round(frame.size.width * frame.ratio));
      const height = Math.max(1, Math.round(frame.size.height * frame.ratio));
      if (canvas.width !== width || canvas.height !== height || image === null) {
        canvas.width = width;
        canvas.height = height;
        image = context.createImageData(width, height);
      }
      const pixels = new Uint32Array(image.data.buffer);
      pixels.fill(pixelOf(GROUND[frame.theme]));
      const target = { pixels, width, height };
      if (frame.hasDimmed) stampAll(target, places, colors, frame, true);
      stampAll(target, places, colors, frame, false);
      context.putImageData(image, 0, 0);
      return true;
    },
    destroy() {
      image = null;
    },
  };
}

interface Target {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

function stampAll(
  target: Target,
  places: Float32Array,
  colors: Uint8Array,
  frame: Frame,
  isDimmedPart: boolean,
): void {
  const { view, ratio } = frame;
  const scale = scaleOf(view) * ratio;
  const [left, top] = [target.width / 2 - view.x * scale, target.height / 2 + view.y * scale];
  const sides = [2 * frame.pointRadius * ratio, 1.5 * frame.pointRadius * ratio].map((side) =>
    Math.max(1, Math.round(side)),
  );
  const ground = GROUND[frame.theme];
  for (let at = 0; at < colors.length; at += 4) {
    const look = colors[at + 3]!;
    if ((look === DIMMED) !== isDimmedPart) continue;
    const side = look === SMALL ? sides[1]! : sides[0]!;
    const x = Math.round(left + places[at >> 1]! * scale - side / 2);
    const y = Math.round(top - places[(at >> 1) + 1]! * scale - side / 2);
    if (!(x >= 0 && y >= 0 && x + side < target.width && y + side < target.height)) continue;
    const share = isDimmedPart ? DIMMED_SHARE : 1;
    const pixel = pixelOf([
      ground[0] + (colors[at]! - ground[0]) * share,
      ground[1] + (colors[at + 1]! - ground[1]) * share,
      ground[2] + (colors[at + 2]! - ground[2]) * share,
    ]);
    stamp(target, x, y, side, pixel);
  }
}

/** A square, without its corners where it is large enough to look round then. */
function stamp({ pixels, width }: Target, x: number, y: number, side: number, pixel: number): void {
  for (let line = 0; line < side; line++) {
    const isEnd = line === 0 || line === side - 1;
    const cut = side < 4 ? 0 : isEnd ? Math.round(side / 4) : 0;
    const start = (y + line) * width + x;
    pixels.fill(pixel, start + cut, start + side - cut);
  }
}

/** As little-endian machines keep it, which all with a browser are. */
function pixelOf([red, green, blue]: readonly number[]): number {
  return ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;
}
