import { type Device, luma } from "@luma.gl/core";
import { webgl2Adapter } from "@luma.gl/webgl";
import type { Frame, MapPainter, PageKind } from "../painter.ts";
import { GROUND } from "../palette.ts";
import { PictureProgram } from "./picture-program.ts";
import { PointProgram } from "./point-program.ts";

export interface GlPainterOptions {
  readonly canvas: HTMLCanvasElement;
  /** x and y of each row. */
  readonly places: Float32Array;
  /** The graphics card was taken away; nothing that is drawn appears any more. */
  readonly onLost: () => void;
}

/** @throws where the browser has no WebGL2 */
export async function createGlPainter({ canvas, places, onLost }: GlPainterOptions): Promise<MapPainter> {
  const device = await luma.createDevice({
    type: "webgl",
    adapters: [webgl2Adapter],
    createCanvasContext: { canvas, autoResize: false, alphaMode: "opaque" },
    webgl: { antialias: false, depth: false, stencil: false, powerPreference: "high-performance" },
  });
  let isDestroyed = false;
  void device.lost.then(() => {
    if (!isDestroyed) onLost();
  });
  return glPainter(device, canvas, places, () => {
    isDestroyed = true;
  });
}

function glPainter(
  device: Device,
  canvas: HTMLCanvasElement,
  places: Float32Array,
  onDestroy: () => void,
): MapPainter {
  const points = new PointProgram(device, places);
  const pictures: Record<PageKind, PictureProgram> = {
    sheets: new PictureProgram(device, "sheets"),
    singles: new PictureProgram(device, "singles"),
  };
  return {
    kind: "webgl",
    canvas,
    setColors: (colors) => points.setColors(colors),
    placePage: (kind, bitmap, slot) => pictures[kind].placePage(bitmap, slot),
    draw(frame) {
      fitBuffer(device, frame);
      const [red, green, blue] = GROUND[frame.theme];
      const pass = device.beginRenderPass({ clearColor: [red / 255, green / 255, blue / 255, 1] });
      const drawn = [points, pictures.sheets, pictures.singles].map((part) => part.draw(pass, frame));
      pass.end();
      device.submit();
      return drawn.every((isDrawn) => isDrawn);
    },
    destroy() {
      onDestroy();
      for (const part of [points, pictures.sheets, pictures.singles]) part.destroy();
      device.destroy();
    },
  };
}

function fitBuffer(device: Device, { size, ratio }: Frame): void {
  const context = device.getDefaultCanvasContext();
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  const [oldWidth, oldHeight] = context.getDrawingBufferSize();
  if (width !== oldWidth || height !== oldHeight) context.setDrawingBufferSize(width, height);
}
