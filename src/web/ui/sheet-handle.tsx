import { type PointerEvent, type ReactElement, useRef } from "react";
import { type ExplorerState, setState, useExplorer } from "../state/store.ts";

const STANDS: readonly ExplorerState["sheet"][] = ["low", "middle", "high"];
const AFTER_PRESS = { low: "middle", middle: "high", high: "low" } as const;
/** Pixels of a drag that take the sheet to its next stand. */
const STEP = 40;

/** On narrow screens, what raises and lowers the sheet: by a click, a swipe or the arrow keys. */
export function SheetHandle(): ReactElement {
  const sheet = useExplorer((state) => state.sheet);
  const start = useRef<{ readonly y: number; readonly height: number } | null>(null);
  const stand = (step: number): void => {
    const next = Math.min(STANDS.length - 1, Math.max(0, STANDS.indexOf(sheet) + step));
    setState({ sheet: STANDS[next]! });
  };
  const press = (): void => setState({ sheet: AFTER_PRESS[sheet] });
  /** The sheet hangs on the finger; the map below keeps its size until it is let go. */
  const drag = ({ clientY, currentTarget }: PointerEvent<HTMLElement>): void => {
    const sheet = currentTarget.parentElement;
    if (start.current === null || sheet === null) return;
    sheet.style.transition = "none";
    sheet.style.height = `${start.current.height + start.current.y - clientY}px`;
  };
  const letGo = ({ currentTarget }: PointerEvent<HTMLElement>): void => {
    start.current = null;
    currentTarget.parentElement?.removeAttribute("style");
  };
  const end = (event: PointerEvent<HTMLElement>): void => {
    if (start.current === null) return;
    const dragged = start.current.y - event.clientY;
    letGo(event);
    // Browsers make no click of a tap that follows a swipe quickly, or of a slow one.
    if (Math.abs(dragged) < STEP) press();
    else stand(Math.sign(dragged) * (Math.abs(dragged) > window.innerHeight / 3 ? 2 : 1));
  };
  return (
    <button
      type="button"
      className="sheet-handle"
      aria-label={sheet === "high" ? "Lower the panel" : "Raise the panel"}
      onPointerDown={({ clientY, currentTarget, pointerId }) => {
        start.current = { y: clientY, height: currentTarget.parentElement?.offsetHeight ?? 0 };
        currentTarget.setPointerCapture(pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={letGo}
      onClick={({ detail }) => {
        // Of keys and screen readers; pointers were heard above.
        if (detail === 0) press();
      }}
      onKeyDown={({ key }) => {
        if (key === "ArrowUp") stand(1);
        if (key === "ArrowDown") stand(-1);
      }}
    />
  );
}
