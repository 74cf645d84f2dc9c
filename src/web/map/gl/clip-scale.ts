import { scaleOf } from "../camera.ts";
import type { Frame } from "../painter.ts";

/** From places of the map to clip space: `(place - middle) * scale`. */
export function clipScale({ view, size }: Pick<Frame, "view" | "size">): {
  readonly middle: number[];
  readonly scale: number[];
} {
  const pixels = scaleOf(view);
  return { middle: [view.x, view.y], scale: [(2 * pixels) / size.width, (2 * pixels) / size.height] };
}
