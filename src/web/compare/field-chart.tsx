import { X } from "lucide-react";
import { type MemoExoticComponent, memo, type ReactElement, useState } from "react";
import { setFilter } from "../state/filtered-rows.ts";
import { useExplorer } from "../state/store.ts";
import { countOf } from "../ui/count-text.ts";
import type { ChartField } from "./chart-fields.ts";
import { Histogram } from "./histogram.tsx";
import { TextBars } from "./text-bars.tsx";
import { useFieldCounts } from "./use-field-counts.ts";

interface FieldChartProps {
  readonly chart: ChartField;
  readonly startsOpen: boolean;
}

/** One field: its name, and its chart while it is open. */
function Chart({ chart, startsOpen }: FieldChartProps): ReactElement {
  const { field, name } = chart;
  const isFiltered = useExplorer((state) => state.filters.has(field));
  const [isOpen, setOpen] = useState(startsOpen || isFiltered);
  return (
    <section className="chart" aria-label={name} data-filtered={isFiltered || undefined}>
      <div className="chart-head">
        <h3>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {name}
          </button>
        </h3>
        {isFiltered ? (
          <button
            type="button"
            className="chip chart-clear"
            aria-label={`Filtered: clear the filter of ${name}`}
            onClick={() => setFilter(field, null)}
          >
            Filtered <X aria-hidden />
          </button>
        ) : null}
      </div>
      {isOpen ? <ChartBody chart={chart} /> : null}
    </section>
  );
}

function ChartBody({ chart }: { readonly chart: ChartField }): ReactElement {
  const counts = useFieldCounts(chart);
  if (counts === null) return <div className="chart-waiting skeleton" />;
  if (counts === "none") return <p className="quiet">No picture has a value here.</p>;
  const { dimension, all, without } = counts;
  if (dimension.kind === "texts" && !all.some((count) => count > 1)) {
    return <p className="quiet">Nearly every picture has a value of its own.</p>;
  }
  return (
    <>
      {dimension.kind === "range" ? (
        <Histogram field={chart.field} name={chart.name} dimension={dimension} counts={counts} />
      ) : (
        <TextBars field={chart.field} dimension={dimension} counts={counts} />
      )}
      {without === 0 ? null : (
        <p className="chart-without quiet">
          {countOf(without, "picture")} without a value
          {dimension.kind === "texts" ? " or with a rarer one" : ""}
        </p>
      )}
    </>
  );
}

export const FieldChart: MemoExoticComponent<typeof Chart> = memo(Chart);
