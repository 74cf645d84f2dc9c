import type { ReactElement } from "react";
import type { OrderedSimilarity } from "./ordered-similarity.ts";

/** What the colours of the heatmap tell. */
export function HeatmapScale({ least, most }: OrderedSimilarity): ReactElement {
  return (
    <p className="heatmap-scale number">
      <span>less alike, {least.toFixed(2)}</span>
      <span className="heatmap-ramp" />
      <span>more alike, {most.toFixed(2)}</span>
    </p>
  );
}
