export interface KeyHandlers {
  /** Pixels by which what is seen moves. */
  onMove(right: number, down: number): void;
  onZoom(change: number): void;
  onShowAll(): void;
  onOpen(): void;
  /** @returns whether there was something to leave */
  onLeave(): boolean;
}

const STEP = 80;
const LONG_STEP = 320;
const ZOOM = 0.5;

/** The map by keyboard. @returns whether the key means something here */
export function handleKey(event: KeyboardEvent, handlers: KeyHandlers): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = event.shiftKey ? LONG_STEP : STEP;
  switch (event.key) {
    case "ArrowLeft":
      handlers.onMove(-step, 0);
      return true;
    case "ArrowRight":
      handlers.onMove(step, 0);
      return true;
    case "ArrowUp":
      handlers.onMove(0, -step);
      return true;
    case "ArrowDown":
      handlers.onMove(0, step);
      return true;
    case "+":
    case "=":
      handlers.onZoom(ZOOM);
      return true;
    case "-":
    case "_":
      handlers.onZoom(-ZOOM);
      return true;
    case "0":
    case "Home":
      handlers.onShowAll();
      return true;
    case "Enter":
    case " ":
      handlers.onOpen();
      return true;
    case "Escape":
      return handlers.onLeave();
    default:
      return false;
  }
}
