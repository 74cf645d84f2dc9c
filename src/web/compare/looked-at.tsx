import { type ReactElement, useMemo } from "react";
import { clearFilters, filteredRows } from "../state/filtered-rows.ts";
import { setState, useExplorer } from "../state/store.ts";
import { countOf, countText } from "../ui/count-text.ts";

/** Says which pictures the charts count, and lets the filters go or selects what they leave. */
export function LookedAt(): ReactElement {
  const images = useExplorer((state) => state.model?.images ?? 0);
  const selection = useExplorer((state) => state.selection);
  const filtered = useExplorer(filteredRows);
  const looked = useMemo(() => countLooked(selection, filtered?.passing ?? null), [selection, filtered]);
  const isNarrowed = selection !== null || filtered !== null;
  return (
    <div className="looked-at" role="status">
      <p>
        {isNarrowed ? (
          <>
            <strong className="number">{countText(looked ?? images)}</strong>
            <span className="quiet number">
              {" "}
              of {countOf(images, "picture")}
              {selection === null ? "" : ", selected"}
              {filtered === null ? "" : ", filtered"}
            </span>
          </>
        ) : (
          <span className="quiet">All {countOf(images, "picture")}. Click or drag over bars to filter.</span>
        )}
      </p>
      {filtered === null ? null : (
        <div className="looked-at-actions">
          <button
            type="button"
            className="button"
            onClick={() => setState({ selection: passingRows(filtered.passing) })}
          >
            Select
          </button>
          <button type="button" className="button" onClick={clearFilters}>
            Clear filters
          </button>
        </div>
      )}
      {isNarrowed ? (
        <p className="chart-legend quiet">
          <span className="bar-shown" /> these <span className="bar-all" /> all; bars are shares
        </p>
      ) : null}
    </div>
  );
}

/** Null where everything is looked at. */
function countLooked(selection: Uint32Array | null, passing: Uint8Array | null): number | null {
  if (selection === null) return passing === null ? null : passing.reduce((sum, one) => sum + one, 0);
  if (passing === null) return selection.length;
  return selection.reduce((sum, row) => sum + passing[row]!, 0);
}

function passingRows(passing: Uint8Array): Uint32Array {
  const { selection } = useExplorer.getState();
  if (selection !== null) return selection.filter((row) => passing[row] === 1);
  const rows: number[] = [];
  for (let row = 0; row < passing.length; row++) if (passing[row] === 1) rows.push(row);
  return Uint32Array.from(rows);
}
