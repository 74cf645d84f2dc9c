import { useEffect, useMemo } from "react";
import { loadColumn } from "../state/columns.ts";
import { filteredRows } from "../state/filtered-rows.ts";
import { useExplorer } from "../state/store.ts";
import type { ChartField } from "./chart-fields.ts";
import { countRows, selectionMask } from "./count-rows.ts";
import { type FieldDimension, fieldDimension } from "./field-dimension.ts";

/** What a chart draws: rows in each bin, of all and of those that are looked at. */
export interface FieldCounts extends FieldDimension {
  readonly all: Uint32Array;
  readonly shown: Uint32Array;
  /** Rows in no bin: without a value, or with a text that is too rare to be listed. */
  readonly without: number;
  /** Whether something narrows what is looked at. */
  readonly isNarrowed: boolean;
}

/** Counts a field; null while its column is on its way, "none" where it has no values. */
export function useFieldCounts(chart: ChartField): FieldCounts | "none" | null {
  const columns = useExplorer((state) => state.columns);
  const points = useExplorer((state) => state.points);
  const model = useExplorer((state) => state.model);
  const selection = useExplorer((state) => state.selection);
  const filtered = useExplorer(filteredRows);
  useEffect(() => {
    if (chart.field >= 0) void loadColumn(chart.field);
  }, [chart.field]);
  const found = useMemo(
    () => fieldDimension({ columns, points, model }, chart),
    [columns, points, model, chart],
  );
  const all = useMemo(() => (isThere(found) ? countRows(found.dimension) : null), [found]);
  const selected = useMemo(
    () => (selection === null || points === null ? null : selectionMask(selection, points.concepts.length)),
    [selection, points],
  );
  return useMemo(() => {
    if (!isThere(found) || all === null) return found as "none" | null;
    const ownFails = filtered?.fails.get(chart.field) ?? null;
    const others = filtered !== null && filtered.fails.size > (ownFails === null ? 0 : 1);
    const isNarrowed = selected !== null || others;
    const rows = { selected, failures: filtered?.failures ?? null, ownFails };
    const without = found.dimension.bins.length - all.reduce((sum, count) => sum + count, 0);
    return { ...found, without, all, shown: isNarrowed ? countRows(found.dimension, rows) : all, isNarrowed };
  }, [found, all, selected, filtered, chart]);
}

function isThere(found: FieldDimension | "none" | null): found is FieldDimension {
  return found !== null && found !== "none";
}
