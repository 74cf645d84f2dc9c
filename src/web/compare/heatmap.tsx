import { Maximize2 } from "lucide-react";
import { type ReactElement, useMemo, useState } from "react";
import type { ApiSimilarity } from "../../core/explorer/api.ts";
import { setState, useExplorer } from "../state/store.ts";
import { AlikeTable } from "./alike-table.tsx";
import { HeatmapCanvas } from "./heatmap-canvas.tsx";
import { HeatmapDialog } from "./heatmap-dialog.tsx";
import { HeatmapScale } from "./heatmap-scale.tsx";
import { orderSimilarity } from "./ordered-similarity.ts";

/** The similarities as a square in the panel, with the pairs that are most alike below. */
export function Heatmap({ similarity }: { readonly similarity: ApiSimilarity }): ReactElement {
  const ordered = useMemo(() => orderSimilarity(similarity), [similarity]);
  const listed = useExplorer((state) => state.model?.concepts);
  const concepts = useMemo(() => new Map(listed?.map((concept) => [concept.id, concept])), [listed]);
  const [isLarge, setLarge] = useState(false);
  return (
    <div className="heatmap">
      <HeatmapCanvas
        ordered={ordered}
        concepts={concepts}
        onPoint={(hoveredConcept) => setState({ hoveredConcept })}
        onChoose={(id) => setState({ focusedConcept: id })}
      />
      <HeatmapScale {...ordered} />
      <button type="button" className="button" onClick={() => setLarge(true)}>
        <Maximize2 aria-hidden /> Large, with names
      </button>
      {similarity.leftOut > 0 ? (
        <p className="quiet">
          The largest concepts; {similarity.leftOut.toLocaleString("en")} smaller ones are left out.
        </p>
      ) : null}
      <AlikeTable ordered={ordered} concepts={concepts} />
      {isLarge ? (
        <HeatmapDialog ordered={ordered} concepts={concepts} onClose={() => setLarge(false)} />
      ) : null}
    </div>
  );
}
