import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { searchOutcome } from "./search-outcome.ts";

/** What a search came to, for screen readers: they hear only of regions that were there before. */
export function SearchStatus(): ReactElement {
  const { status, answer, message } = useExplorer((state) => state.search);
  const text = status === "failed" ? message : status === "done" && answer !== null ? said(answer) : "";
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}

function said(answer: Parameters<typeof searchOutcome>[0]): string {
  const { headline, note } = searchOutcome(answer);
  return note === null ? headline : `${headline}. ${note}`;
}
