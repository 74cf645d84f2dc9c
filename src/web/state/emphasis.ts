import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { filteredRows } from "./filtered-rows.ts";
import type { ExplorerState } from "./store.ts";

type Sources = Pick<
  ExplorerState,
  | "points"
  | "preview"
  | "filters"
  | "columns"
  | "search"
  | "selection"
  | "focusedConcept"
  | "hoveredConcept"
  | "hoveredGroup"
>;

/**
 * 1 for the rows that are lit, 0 for those that are dimmed; null while nothing is.
 *
 * What is pointed at counts more than the selection, and the selection more than the search and the concept that is looked at,
 * which both have to be met. Rows that filters turn away are never lit.
 */
export function emphasis(state: Sources): Uint8Array | null {
  return pointedEmphasis(state) ?? lastingEmphasis(state);
}

/** Without what is only pointed at. */
export function lastingEmphasis(state: Sources): Uint8Array | null {
  const { points, selection, focusedConcept } = state;
  if (points === null) return null;
  if (selection !== null) return filtered(state, ofRows(selection, points.concepts.length));
  const answer = shownAnswer(state);
  const lit = answer === null ? null : ofAnswer(answer, groupsOf(state)!);
  const focused = focusedConcept === null ? null : ofConcepts(new Set([focusedConcept]), groupsOf(state)!);
  if (lit === null || focused === null) return filtered(state, lit ?? focused);
  return filtered(state, both(lit, focused));
}

function pointedEmphasis(state: Sources): Uint8Array | null {
  const { hoveredConcept, hoveredGroup } = state;
  const concepts = hoveredConcept !== null ? [hoveredConcept] : hoveredGroup;
  const groups = groupsOf(state);
  if (concepts === null || groups === null) return null;
  return filtered(state, ofConcepts(new Set(concepts), groups));
}

/** Whether two states may light other rows. */
export function sameEmphasis(a: Sources, b: Sources): boolean {
  return (
    a.points === b.points &&
    a.preview === b.preview &&
    a.filters === b.filters &&
    a.columns === b.columns &&
    shownAnswer(a) === shownAnswer(b) &&
    a.selection === b.selection &&
    a.focusedConcept === b.focusedConcept &&
    a.hoveredConcept === b.hoveredConcept &&
    a.hoveredGroup === b.hoveredGroup
  );
}

/** The concept of each row, as a recut that is looked at has it. */
export function groupsOf({ points, preview }: Pick<Sources, "points" | "preview">): Int32Array | null {
  return preview?.labels ?? points?.concepts ?? null;
}

/** An answer to no query, or one that nothing matches, dims nothing. */
function shownAnswer({ search }: Pick<Sources, "search">): ApiSearchAnswer | null {
  const isAsked = search.query !== "" || search.like.length > 0 || search.picture !== null;
  return isAsked && search.answer?.matches === true ? search.answer : null;
}

function filtered(state: Sources, lit: Uint8Array | null): Uint8Array | null {
  const passing = filteredRows(state)?.passing ?? null;
  return passing === null ? lit : lit === null ? passing : both(lit, passing);
}

function ofRows(rows: Uint32Array, count: number): Uint8Array {
  const lit = new Uint8Array(count);
  for (const row of rows) lit[row] = 1;
  return lit;
}

function ofConcepts(concepts: ReadonlySet<number>, groups: Int32Array): Uint8Array {
  const lit = new Uint8Array(groups.length);
  for (let row = 0; row < lit.length; row++) if (concepts.has(groups[row]!)) lit[row] = 1;
  return lit;
}

/** The pictures that match, and all of the concepts that do. */
function ofAnswer(answer: ApiSearchAnswer, groups: Int32Array): Uint8Array {
  const lit = ofConcepts(
    new Set(answer.concepts.filter(({ matches }) => matches).map(({ id }) => id)),
    groups,
  );
  for (const { row, matches } of answer.images) if (matches) lit[row] = 1;
  return lit;
}

function both(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((value, row) => value & b[row]!);
}
