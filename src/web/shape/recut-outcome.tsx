import type { ReactElement } from "react";
import type { ApiRecutSummary } from "../../core/explorer/api.ts";
import { problemText } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { countOf, countText, percentText } from "../ui/count-text.ts";
import type { Recut } from "./use-recut.ts";

/** What the recut on the map is, and whether to keep it. */
export function RecutOutcome({ recut }: { readonly recut: Recut }): ReactElement {
  const { asked, status, problem, keep, drop } = recut;
  const summary = useExplorer((state) => state.preview?.summary ?? null);
  const images = useExplorer((state) => state.model?.images ?? 0);
  const saving = useExplorer((state) => state.saving);
  if (asked === null) {
    return (
      <p className="quiet">
        The map shows at once what would become of the concepts. Nothing changes until you keep it.
      </p>
    );
  }
  return (
    <div className="recut-outcome" aria-live="polite" aria-busy={status === "running"}>
      {problem !== null ? (
        <p className="recut-problem">{problemText(problem)}</p>
      ) : (
        <p>{summary === null ? "Cutting…" : outcomeText(summary, images)}</p>
      )}
      <div className="recut-actions">
        <button type="button" className="button" onClick={drop}>
          Back
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={summary === null || problem !== null || status === "running" || saving}
          onClick={() => void keep()}
        >
          Keep
        </button>
      </div>
    </div>
  );
}

/** "31 concepts, 12 % in none: 24 go on, 7 are new, 2 end." */
function outcomeText(
  { concepts, outliers, kept, fresh, ended }: ApiRecutSummary,
  images: number,
): ReactElement {
  const changes = [
    `${countText(kept)} go on`,
    ...(fresh > 0 ? [`${countText(fresh)} new`] : []),
    ...(ended > 0 ? [`${countText(ended)} end`] : []),
  ];
  return (
    <>
      <strong>{countOf(concepts, "concept")}</strong>, {percentText(outliers / Math.max(1, images))} in none
      <br />
      <span className="quiet">{changes.join(", ")}</span>
    </>
  );
}
