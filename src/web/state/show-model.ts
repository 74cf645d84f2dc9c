import type { ApiConcept, ApiModel } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { CONCEPT_FIELD } from "./filtered-rows.ts";
import { notify } from "./notices.ts";
import type { Points } from "./points.ts";
import { type ExplorerState, setState, useExplorer } from "./store.ts";

/** Shows the model as an edit has made it; what is looked at of concepts that have ended is let go. */
export function showModel(model: ApiModel, grouping: Pick<Points, "concepts" | "probabilities">): void {
  const { points, focusedConcept, filters, model: before } = useExplorer.getState();
  if (points === null) return;
  const isThere = (id: number): boolean => id === -1 || model.concepts.some((concept) => concept.id === id);
  setState({
    model,
    points: { ...points, ...grouping },
    preview: null,
    focusedConcept: focusedConcept !== null && isThere(focusedConcept) ? focusedConcept : null,
    filters: livingFilters(filters, isThere),
  });
  const filter = filters.get(CONCEPT_FIELD);
  if (filter?.kind === "texts")
    tellEnded(
      filter.codes.filter((id) => !isThere(id)),
      before?.concepts ?? [],
    );
}

/** Filters by concepts that are there: by one that has ended no picture passes. */
function livingFilters(
  filters: ExplorerState["filters"],
  isThere: (id: number) => boolean,
): ExplorerState["filters"] {
  const filter = filters.get(CONCEPT_FIELD);
  if (filter?.kind !== "texts" || filter.codes.every(isThere)) return filters;
  const living = new Map(filters);
  const codes = filter.codes.filter(isThere);
  if (codes.length === 0) living.delete(CONCEPT_FIELD);
  else living.set(CONCEPT_FIELD, { kind: "texts", codes });
  return living;
}

function tellEnded(ended: readonly number[], known: readonly ApiConcept[]): void {
  const names = ended.flatMap((id) => known.filter((concept) => concept.id === id)).map(shownName);
  if (names.length === 0) return;
  const listed = names.map((name) => `“${name}”`).join(", ");
  notify({ tone: "info", text: `${listed} has ended, and the filter by it with it.` });
}
