import { X } from "lucide-react";
import type { ReactElement } from "react";
import { setState, useExplorer } from "../state/store.ts";
import { SheetHandle } from "../ui/sheet-handle.tsx";
import { ConceptResults } from "./concept-results.tsx";
import { clearSearch } from "./edit-search.ts";
import { NoResults } from "./no-results.tsx";
import { PictureResults } from "./picture-results.tsx";
import { ResultSkeletons } from "./result-skeletons.tsx";
import { searchOutcome } from "./search-outcome.ts";
import "./results-drawer.css";

const selectRows = (rows: readonly number[]): void => setState({ selection: Uint32Array.from(rows).sort() });

/** What a search found: concepts, then pictures. The last answer stays until the next one comes. */
export function ResultsDrawer(): ReactElement | null {
  const { status, answer, message } = useExplorer((state) => state.search);
  if (status === "idle") return null;
  const outcome = answer === null ? null : searchOutcome(answer);
  const isUnlike = answer?.matches === false;
  const hasFailed = status === "failed";
  return (
    <aside className="results" aria-label="Search results" aria-busy={status === "running"}>
      <SheetHandle />
      <div className="results-head">
        <h2>{hasFailed ? "This cannot be searched for" : (outcome?.headline ?? "Searching")}</h2>
        {outcome !== null && outcome.images.length > 0 && !hasFailed ? (
          <button
            type="button"
            className="button results-select"
            title="Select these pictures, to make a concept of them or take them along"
            onClick={() => selectRows(outcome.images.map(({ row }) => row))}
          >
            Select
          </button>
        ) : null}
        <button type="button" className="icon-button" aria-label="Close the results" onClick={clearSearch}>
          <X aria-hidden />
        </button>
      </div>
      {hasFailed ? <p className="results-note">{message}</p> : null}
      {!hasFailed && outcome?.note ? <p className="results-note">{outcome.note}</p> : null}
      {outcome === null && !hasFailed ? <ResultSkeletons /> : null}
      {outcome === null || hasFailed ? null : (
        <PictureResults images={outcome.images} isUnlike={isUnlike}>
          {isUnlike ? <NoResults /> : <ConceptResults concepts={outcome.concepts} />}
        </PictureResults>
      )}
    </aside>
  );
}
