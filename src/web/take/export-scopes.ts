import { rowsOfConcept } from "../concepts/rows-of-concept.ts";
import { conceptName } from "../concepts/shown-name.ts";
import { filteredRows } from "../state/filtered-rows.ts";
import type { ExplorerState } from "../state/store.ts";
import type { ExportScope } from "./export-pictures.ts";

/** What can be taken along now, the narrowest first. */
export function exportScopes(state: ExplorerState): ExportScope[] {
  const { model, points, selection, focusedConcept, filters, columns } = state;
  if (model === null || points === null) return [];
  const scopes: ExportScope[] = [];
  if (selection !== null && selection.length > 0) {
    scopes.push({ kind: "selection", name: "selection", count: selection.length, rows: () => selection });
  }
  if (focusedConcept !== null) {
    const rows = rowsOfConcept(points, focusedConcept);
    const name = conceptName(model.concepts, focusedConcept);
    if (rows.length > 0) scopes.push({ kind: "concept", name, count: rows.length, rows: () => rows });
  }
  const filtered = filteredRows({ filters, columns, points });
  if (filtered !== null && filtered.count > 0) {
    const { passing, count } = filtered;
    const rows = (): number[] => Array.from(passing.keys()).filter((row) => passing[row] === 1);
    scopes.push({ kind: "filtered", name: "filtered", count, rows });
  }
  scopes.push({ kind: "everything", name: "everything", count: model.images, rows: () => null });
  return scopes;
}

/** How a choice is told. */
export function scopeText({ kind, name }: ExportScope): string {
  if (kind === "selection") return "The selection";
  if (kind === "filtered") return "What the filters leave";
  return kind === "concept" ? `“${name}”` : "Everything";
}
