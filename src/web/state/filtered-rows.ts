import { type TypedValues, typedValues } from "./columns.ts";
import { type ColumnFilter, type ExplorerState, setState, useExplorer } from "./store.ts";

/** Keys of `filters` that are no columns: the concept of each row (as a text whose codes are ids), and its probability. */
export const CONCEPT_FIELD = -1;
export const PROBABILITY_FIELD = -2;

type Sources = Pick<ExplorerState, "filters" | "columns" | "points">;

/** What the filters do to the rows. */
export interface FilteredRows {
  /** 1 for rows that pass every filter. */
  readonly passing: Uint8Array;
  readonly count: number;
  /** How many filters turn each row away. */
  readonly failures: Uint16Array;
  /** For each filter, 1 for the rows that it turns away. */
  readonly fails: ReadonlyMap<number, Uint8Array>;
}

interface Remembered {
  readonly columns: ExplorerState["columns"];
  readonly points: ExplorerState["points"];
  readonly rows: FilteredRows | null;
}

const remembered = new WeakMap<ExplorerState["filters"], Remembered>();
const masks = new WeakMap<ColumnFilter, { readonly values: TypedValues; readonly fails: Uint8Array }>();

/** The rows that pass all filters; null while there are none. The same object until something changes that it depends on. */
export function filteredRows(state: Sources): FilteredRows | null {
  const { filters, columns, points } = state;
  if (filters.size === 0 || points === null) return null;
  const known = remembered.get(filters);
  if (known !== undefined && known.columns === columns && known.points === points) return known.rows;
  const rows = filterRows(state, points.concepts.length);
  remembered.set(filters, { columns, points, rows });
  return rows;
}

/** 1 for rows that pass; null while there are no filters. */
export const useFilteredRows = (): Uint8Array | null =>
  useExplorer((state) => filteredRows(state)?.passing ?? null);

/** @param filter null takes the filter of this field away */
export function setFilter(field: number, filter: ColumnFilter | null): void {
  const filters = new Map(useExplorer.getState().filters);
  if (filter === null) filters.delete(field);
  else filters.set(field, filter);
  setState({ filters });
}

export function clearFilters(): void {
  if (useExplorer.getState().filters.size > 0) setState({ filters: new Map() });
}

/** The values of a column or of one of the other fields; null until they are there. */
export function fieldValues(
  { columns, points }: Pick<ExplorerState, "columns" | "points">,
  field: number,
): TypedValues | null {
  if (field === CONCEPT_FIELD) return points?.concepts ?? null;
  if (field === PROBABILITY_FIELD) return points?.probabilities ?? null;
  const column = columns.get(field);
  return column === undefined ? null : typedValues(column);
}

/** 1 for each value that a filter turns away. What is missing fails a range, and texts that do not name it. */
export function failingRows(values: TypedValues, filter: ColumnFilter): Uint8Array {
  const fails = new Uint8Array(values.length);
  if (filter.kind === "range") {
    const { from, to } = filter;
    for (let row = 0; row < fails.length; row++) {
      const value = values[row]!;
      if (!(value >= from && value < to)) fails[row] = 1;
    }
    return fails;
  }
  const wanted = new Set(filter.codes);
  for (let row = 0; row < fails.length; row++) if (!wanted.has(values[row]!)) fails[row] = 1;
  return fails;
}

function filterRows(state: Sources, rows: number): FilteredRows | null {
  const failures = new Uint16Array(rows);
  const fails = new Map<number, Uint8Array>();
  for (const [field, filter] of state.filters) {
    const values = fieldValues(state, field);
    if (values === null) continue;
    const mask = maskOf(values, filter);
    fails.set(field, mask);
    for (let row = 0; row < rows; row++) failures[row]! += mask[row]!;
  }
  if (fails.size === 0) return null;
  const passing = new Uint8Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (failures[row] !== 0) continue;
    passing[row] = 1;
    count++;
  }
  return { passing, count, failures, fails };
}

function maskOf(values: TypedValues, filter: ColumnFilter): Uint8Array {
  const known = masks.get(filter);
  if (known !== undefined && known.values === values) return known.fails;
  const fails = failingRows(values, filter);
  masks.set(filter, { values, fails });
  return fails;
}
