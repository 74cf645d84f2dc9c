import type { View } from "../state/store.ts";
import { type Size, scaleOf } from "./camera.ts";

/** How much a flight rises between far places: van Wijk and Nuij found that people like 1.42 best. */
const RHO = 1.42;
/** Screens a second, in the paper's measure, and the longest time that a flight may take. */
const SPEED = 2.6;
const LONGEST = 900;

export interface Flight {
  /** Milliseconds. */
  readonly duration: number;
  /** The view at a share of the duration, 0 to 1. */
  at(share: number): View;
}

/** The smooth way between two views that rises, moves and comes down (van Wijk and Nuij, "Smooth and efficient zooming and panning", 2003). */
export function flight(from: View, to: View, { width }: Size): Flight {
  const startWidth = width / scaleOf(from);
  const endWidth = width / scaleOf(to);
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const path =
    distance < 1e-6 * Math.min(startWidth, endWidth)
      ? zoomPath(startWidth, endWidth)
      : archPath(startWidth, endWidth, distance);
  return {
    duration: Math.min(LONGEST, (1000 * path.length) / SPEED),
    at(share) {
      if (share >= 1) return to;
      const { moved, width: seen } = path.at(ease(Math.max(0, share)) * path.length);
      return {
        x: from.x + (to.x - from.x) * moved,
        y: from.y + (to.y - from.y) * moved,
        zoom: Math.log2(width / seen),
      };
    },
  };
}

interface Path {
  readonly length: number;
  at(travelled: number): { readonly moved: number; readonly width: number };
}

function zoomPath(start: number, end: number): Path {
  const length = Math.abs(Math.log(end / start)) / RHO;
  const sign = end < start ? -1 : 1;
  return {
    length,
    at: (travelled) => ({
      moved: length === 0 ? 1 : travelled / length,
      width: start * Math.exp(sign * RHO * travelled),
    }),
  };
}

/** Equation 9 of the paper. */
function archPath(start: number, end: number, distance: number): Path {
  const square = RHO * RHO;
  const reach = square * square * distance * distance;
  const r0 = -Math.asinh((end * end - start * start + reach) / (2 * start * square * distance));
  const r1 = -Math.asinh((end * end - start * start - reach) / (2 * end * square * distance));
  return {
    length: (r1 - r0) / RHO,
    at(travelled) {
      const r = r0 + RHO * travelled;
      const moved = (start / (square * distance)) * (Math.cosh(r0) * Math.tanh(r) - Math.sinh(r0));
      return { moved, width: (start * Math.cosh(r0)) / Math.cosh(r) };
    },
  };
}

/** Sets off and lands softly. */
function ease(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}
