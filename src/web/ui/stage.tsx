import type { ReactElement } from "react";
import { MapLegend } from "../map/map-legend.tsx";
import { MapTools } from "../map/map-tools.tsx";
import { MapView } from "../map/map-view.tsx";
import { SelectionBar } from "../shape/selection-bar.tsx";
import { useExplorer } from "../state/store.ts";
import { StageStatus } from "./stage-status.tsx";

/** The map, and what lies over its corners. */
export function Stage(): ReactElement {
  const isOpen = useExplorer((state) => state.model !== null && state.points !== null);
  return (
    <main className="stage">
      {isOpen ? <MapView /> : <div className="stage-loading" />}
      <div className="stage-corner stage-tools">
        <MapTools />
      </div>
      <div className="stage-corner stage-legend">
        <MapLegend />
      </div>
      <div className="stage-corner stage-selection">
        <SelectionBar />
      </div>
      <StageStatus />
    </main>
  );
}
