import { type ReactElement, useMemo } from "react";
import { useExplorer } from "../state/store.ts";
import { chartFields } from "./chart-fields.ts";
import { ColorBy } from "./color-by.tsx";
import { FieldChart } from "./field-chart.tsx";
import { LookedAt } from "./looked-at.tsx";
import { SimilaritySection } from "./similarity-section.tsx";
import "./compare.css";

/** Charts that are open at first. */
const OPEN = 4;

/** Colours, charts that filter each other, and how alike the concepts are. */
export function ComparePanel(): ReactElement | null {
  const columns = useExplorer((state) => state.model?.columns);
  const charts = useMemo(() => (columns === undefined ? [] : chartFields({ columns })), [columns]);
  if (columns === undefined) return null;
  return (
    <div className="compare">
      <ColorBy charts={charts} />
      <LookedAt />
      {charts.map((chart, i) => (
        <FieldChart key={`${chart.field} ${chart.name}`} chart={chart} startsOpen={i < OPEN} />
      ))}
      <SimilaritySection />
    </div>
  );
}
