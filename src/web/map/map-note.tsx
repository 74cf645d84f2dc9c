import type { ReactElement } from "react";
import { useMapStatus } from "./map-status.ts";
import { thinningText } from "./thinning-text.ts";

/** Says what the map does not show. */
export function MapNote(): ReactElement | null {
  const painter = useMapStatus((state) => state.painter);
  const thinning = useMapStatus((state) => state.thinning);
  const text =
    painter === "canvas"
      ? "This browser has no WebGL 2, so the map shows points only. Point at one to see its picture."
      : thinning === null
        ? null
        : thinningText(thinning);
  return (
    <p className="map-note" role="status">
      {text === null ? null : <span>{text}</span>}
    </p>
  );
}
