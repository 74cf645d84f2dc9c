import type { ReactElement } from "react";
import { currentMap } from "./current-map.ts";
import { type MapStatus, type Thinning, useMapStatus } from "./map-status.ts";
import { thinningText } from "./thinning-text.ts";

/** Says what the map does not show, and helps those who have left it. */
export function MapNote(): ReactElement | null {
  const painter = useMapStatus((state) => state.painter);
  const thinning = useMapStatus((state) => state.thinning);
  const isEmpty = useMapStatus((state) => state.isEmpty);
  const text = noteText(painter, thinning);
  return (
    <div className="map-note" role="status">
      {isEmpty ? (
        <span className="map-note-empty">
          No pictures here.
          <button type="button" className="button" onClick={() => currentMap()?.showAll()}>
            Show all
          </button>
        </span>
      ) : text === null ? null : (
        <span>{text}</span>
      )}
    </div>
  );
}

function noteText(painter: MapStatus["painter"], thinning: Thinning | null): string | null {
  if (painter === "canvas") {
    return "This browser has no WebGL 2, so the map shows points only. Point at one to see its picture.";
  }
  return thinning === null ? null : thinningText(thinning);
}
