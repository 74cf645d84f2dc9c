import { type PointerEvent, type ReactElement, useRef } from "react";
import { type ExplorerState, setState, useExplorer } from "../state/store.ts";

const STANDS: readonly ExplorerState["sheet"][] = ["low", "middle", "high"];
/** Pixels of a drag that take the sheet to its next stand. */
const STEP = 40;

/** On narrow screens, what raises and lowers the sheet: by a click, a swipe or the arrow keys. */
export function SheetHandle(): ReactElement {
  const sheet = useExplorer((state) => state.sheet);
  const start = useRef<number | null>(null);
  const moved = useRef(false);
  const stand = (step: number): void => {
    const next = Math.min(STANDS.length - 1, Math.max(0, STANDS.indexOf(sheet) + step));
    setState({ sheet: STANDS[next]! });
  };
  const end = ({ clientY }: PointerEvent): void => {
    const dragged = start.current === null ? 0 : start.current - clientY;
    start.current = null;
    moved.current = Math.abs(dragged) >= STEP;
    if (moved.current) stand(Math.sign(dragged) * (Math.abs(dragged) > window.innerHeight / 3 ? 2 : 1));
  };
  return (
    <button
      type="button"
      className="sheet-handle"
      aria-label={sheet === "high" ? "Lower the panel" : "Raise the panel"}
      onPointerDown={({ clientY, currentTarget, pointerId }) => {
        start.current = clientY;
        currentTarget.setPointerCapture(pointerId);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onClick={() => {
        if (!moved.current)
          setState({ sheet: sheet === "high" ? "low" : sheet === "low" ? "middle" : "high" });
        moved.current = false;
      }}
      onKeyDown={({ key }) => {
        if (key === "ArrowUp") stand(1);
        if (key === "ArrowDown") stand(-1);
      }}
    />
  );
}
