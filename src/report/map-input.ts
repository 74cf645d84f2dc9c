import type { MapView } from "./map-view.ts";

/** Pixels within which a press is a click. */
const STILL = 5;
const STEP = 60;

/** Mouse, wheel, touch and keys of the map. */
export function listen(canvas: HTMLCanvasElement, map: MapView): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      map.onHover(map.rowAt(event.offsetX, event.offsetY), event.offsetX, event.offsetY);
      return;
    }
    const now = { x: event.offsetX, y: event.offsetY };
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) map.panBy(now.x - before.x, now.y - before.y);
    else {
      const distance = (point: { x: number; y: number }): number =>
        Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      map.zoomBy(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
    }
    pointers.set(event.pointerId, now);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (pointers.size === 1 && moved < STILL) map.onPick(map.rowAt(event.offsetX, event.offsetY));
    pointers.delete(event.pointerId);
  });
  canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => map.onHover(-1, 0, 0));
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      map.zoomBy(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    const act = keys(map)[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function keys(map: MapView): Readonly<Record<string, () => void>> {
  return {
    ArrowLeft: () => map.panBy(STEP, 0),
    ArrowRight: () => map.panBy(-STEP, 0),
    ArrowUp: () => map.panBy(0, STEP),
    ArrowDown: () => map.panBy(0, -STEP),
    "+": () => map.zoomBy(1.4),
    "=": () => map.zoomBy(1.4),
    "-": () => map.zoomBy(1 / 1.4),
    "0": () => map.fit(),
  };
}
