import { type ReactElement, useMemo, useState } from "react";
import { setFilter } from "../state/filtered-rows.ts";
import { useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { barShares } from "./bar-shares.ts";
import { rangeText, valueText } from "./bin-label.ts";
import { Brush } from "./brush.tsx";
import type { RangeDimension } from "./dimension.ts";
import { HistogramBars } from "./histogram-bars.tsx";
import type { FieldCounts } from "./use-field-counts.ts";

interface HistogramProps {
  readonly field: number;
  readonly name: string;
  readonly dimension: RangeDimension;
  readonly counts: FieldCounts;
}

/** Numbers or dates by bins; dragging over them filters. */
export function Histogram({ field, name, dimension, counts }: HistogramProps): ReactElement {
  const filter = useExplorer((state) => state.filters.get(field));
  const [pointed, setPointed] = useState<number | null>(null);
  const { all, shown, isNarrowed } = counts;
  const shares = useMemo(() => barShares(all, shown), [all, shown]);
  const { edges, binCount } = dimension;
  const bins = filter?.kind === "range" ? binsOfRange(edges, filter.from, filter.to) : null;
  const readout =
    pointed !== null
      ? `${rangeText(dimension, edges[pointed]!, edges[pointed + 1]!)}: ${countsText(counts, pointed)}`
      : filter?.kind === "range"
        ? rangeText(dimension, filter.from, filter.to)
        : "";
  return (
    <div className="histogram">
      <p className="chart-readout number" aria-live="polite">
        {readout}
      </p>
      <div className="histogram-plot">
        <HistogramBars shares={shares} bins={bins} pointed={pointed} isNarrowed={isNarrowed} />
        <Brush
          name={name}
          binCount={binCount}
          bins={bins}
          textOf={(edge) => valueText(dimension, edges[edge]!)}
          onPoint={setPointed}
          onBrush={(next) =>
            setFilter(
              field,
              next === null ? null : { kind: "range", from: edges[next[0]]!, to: edges[next[1]]! },
            )
          }
        />
      </div>
      <p className="histogram-axis quiet number">
        <span>{valueText(dimension, edges[0]!)}</span>
        <span>
          {valueText(dimension, dimension.unit === "number" ? edges[binCount]! : edges[binCount]! - 1)}
        </span>
      </p>
    </div>
  );
}

/** "12 of 340", or "340" where nothing is narrowed. */
function countsText({ all, shown, isNarrowed }: FieldCounts, bin: number): string {
  return isNarrowed ? `${countText(shown[bin]!)} of ${countText(all[bin]!)}` : countText(all[bin]!);
}

/** First edge and last of the bins that a range touches. */
function binsOfRange(edges: Float64Array, from: number, to: number): readonly [number, number] | null {
  let first = 0;
  while (first < edges.length - 1 && edges[first + 1]! <= from) first++;
  let last = edges.length - 1;
  while (last > 0 && edges[last - 1]! >= to) last--;
  return first < last ? [first, last] : null;
}
