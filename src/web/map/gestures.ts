import type { Spot } from "./camera.ts";

/** What hands do on the map. Spots are CSS pixels from its upper left corner. */
export interface GestureHandlers {
  /** Asked when a pointer comes down: whether it draws a shape rather than moves the map. */
  isDrawing(): boolean;
  onPan(deltaX: number, deltaY: number): void;
  /** @param change of zoom @param isSmooth for single steps; false while fingers lead */
  onZoom(change: number, spot: Spot, isSmooth: boolean): void;
  onTap(spot: Spot, event: PointerEvent): void;
  /** null when the pointer has left. */
  onHover(spot: Spot | null, event: PointerEvent): void;
  onDrawStart(spot: Spot, event: PointerEvent): void;
  onDraw(spot: Spot): void;
  onDrawEnd(spot: Spot | null, event: PointerEvent): void;
  /** The map is let go. */
  onRest(): void;
}

/** A pointer that moved less has tapped. */
const TAP = 5;
/** Zoom for a pixel of the wheel; pinches on a track pad come as wheels with Ctrl, in smaller numbers. */
const WHEEL = 1 / 350;
const TRACK_PAD_PINCH = 1 / 70;
const MOST_WHEEL = 0.6;

interface Hand {
  spot: Spot;
  readonly start: Spot;
  isMoved: boolean;
}

/** Turns events of pointers and the wheel into gestures. @returns takes the listeners away */
export function followGestures(host: HTMLElement, handlers: GestureHandlers): () => void {
  const ending = new AbortController();
  const hands = new Map<number, Hand>();
  let isDrawing = false;
  const spotOf = (event: MouseEvent): Spot => {
    const { left, top } = host.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const listen = <Kind extends keyof HTMLElementEventMap>(
    kind: Kind,
    handle: (event: HTMLElementEventMap[Kind]) => void,
  ): void => host.addEventListener(kind, handle, { signal: ending.signal, passive: false });

  listen("pointerdown", (event) => {
    if (event.button > 1) return;
    host.setPointerCapture(event.pointerId);
    const spot = spotOf(event);
    hands.set(event.pointerId, { spot, start: spot, isMoved: false });
    if (hands.size > 1 && isDrawing) {
      isDrawing = false;
      handlers.onDrawEnd(null, event);
    } else if (hands.size === 1 && event.button === 0 && handlers.isDrawing()) {
      isDrawing = true;
      handlers.onDrawStart(spot, event);
    }
    if (event.button === 1) event.preventDefault();
  });

  listen("pointermove", (event) => {
    const spot = spotOf(event);
    const hand = hands.get(event.pointerId);
    if (hand === undefined) {
      if (event.pointerType !== "touch") handlers.onHover(spot, event);
      return;
    }
    hand.isMoved ||= Math.hypot(spot.x - hand.start.x, spot.y - hand.start.y) >= TAP;
    if (isDrawing) handlers.onDraw(spot);
    else if (hand.isMoved || hands.size > 1) moveHand(hands, hand, spot, handlers);
    hand.spot = spot;
  });

  const release = (event: PointerEvent): void => {
    const hand = hands.get(event.pointerId);
    if (hand === undefined) return;
    hands.delete(event.pointerId);
    const isCancelled = event.type === "pointercancel";
    if (isDrawing) {
      isDrawing = false;
      handlers.onDrawEnd(isCancelled ? null : hand.spot, event);
    } else if (!hand.isMoved && !isCancelled && hands.size === 0 && event.button === 0) {
      handlers.onTap(hand.spot, event);
    }
    // What is left of a pinch must not count as a tap.
    for (const other of hands.values()) other.isMoved = true;
    if (hands.size === 0) handlers.onRest();
  };
  listen("pointerup", release);
  listen("pointercancel", release);
  listen("pointerleave", (event) => {
    if (!hands.has(event.pointerId)) handlers.onHover(null, event);
  });
  listen("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const change = -event.deltaY * lines * (event.ctrlKey ? TRACK_PAD_PINCH : WHEEL);
    handlers.onZoom(Math.min(MOST_WHEEL, Math.max(-MOST_WHEEL, change)), spotOf(event), true);
  });
  return () => ending.abort();
}

/** One hand moves the map; two move and stretch it. */
function moveHand(hands: Map<number, Hand>, hand: Hand, spot: Spot, handlers: GestureHandlers): void {
  const share = 1 / hands.size;
  handlers.onPan((spot.x - hand.spot.x) * share, (spot.y - hand.spot.y) * share);
  const other = [...hands.values()].find((one) => one !== hand);
  if (other === undefined) return;
  const before = Math.hypot(hand.spot.x - other.spot.x, hand.spot.y - other.spot.y);
  const after = Math.hypot(spot.x - other.spot.x, spot.y - other.spot.y);
  if (before < 1 || after < 1) return;
  const middle = { x: (spot.x + other.spot.x) / 2, y: (spot.y + other.spot.y) / 2 };
  handlers.onZoom(Math.log2(after / before), middle, false);
}
