import type { ApiColumnValues, ApiModel } from "../../core/explorer/api.ts";
import { CONCEPT_FIELD, PROBABILITY_FIELD } from "../state/filtered-rows.ts";
import type { ColumnFilter, ExplorerState } from "../state/store.ts";
import type { LinkedFilter, LinkedView } from "./linked-view.ts";
import { encodeRows } from "./row-runs.ts";

/** Characters of a selection in a link: longer ones get lost in mails and chats. */
const LONGEST = 4000;

/** What a link says of the page as it is. */
export function linkedView(state: ExplorerState): LinkedView {
  const { model, view, panel, search, focusedConcept, openRow, colorBy, selection } = state;
  const rows = selection === null ? null : encodeRows(selection);
  const column = colorBy.kind === "column" ? model?.columns[colorBy.index] : undefined;
  return {
    collection: model?.collection ?? null,
    view,
    panel,
    query: search.query.trim(),
    like: search.like,
    focus: focusedConcept,
    open: openRow,
    color:
      column !== undefined
        ? { column: column.name }
        : colorBy.kind === "probability"
          ? "probability"
          : "concept",
    filters: [...state.filters].flatMap(([field, filter]) => linkedFilter(state, field, filter) ?? []),
    selection: rows !== null && rows.length <= LONGEST ? rows : null,
  };
}

function linkedFilter(
  { model, columns }: ExplorerState,
  field: number,
  filter: ColumnFilter,
): LinkedFilter | null {
  const column = model?.columns[field]?.name;
  if (filter.kind === "range") {
    const { from, to } = filter;
    if (field === PROBABILITY_FIELD) return { on: "probability", from, to };
    return column === undefined ? null : { on: "range", column, from, to };
  }
  if (field === CONCEPT_FIELD) return { on: "concept", ids: filter.codes };
  const values = columns.get(field);
  if (column === undefined || values?.type !== "text") return null;
  return { on: "texts", column, texts: filter.codes.flatMap((code) => values.texts[code] ?? []) };
}

/** Filters of a link as filters of the page. */
export interface ResolvableFilters {
  /** Columns that have to be there first. */
  readonly columns: readonly number[];
  readonly resolve: (columns: ReadonlyMap<number, ApiColumnValues>) => ReadonlyMap<number, ColumnFilter>;
}

/** Finds the columns by their names; filters of columns and texts that are not there any more are left out. */
export function linkedFilters(model: ApiModel, filters: readonly LinkedFilter[]): ResolvableFilters {
  const placed = filters.map((filter) => ({ filter, field: fieldOf(model, filter) }));
  return {
    columns: placed.flatMap(({ field }) => (field >= 0 ? [field] : [])),
    resolve: (columns) => {
      const resolved = new Map<number, ColumnFilter>();
      for (const { filter, field } of placed) {
        const known = columnFilter(model, filter, columns.get(field));
        if (known !== null) resolved.set(field, known);
      }
      return resolved;
    },
  };
}

function fieldOf({ columns }: ApiModel, filter: LinkedFilter): number {
  if (filter.on === "concept") return CONCEPT_FIELD;
  if (filter.on === "probability") return PROBABILITY_FIELD;
  const place = columns.findIndex(({ name }) => name === filter.column);
  return place === -1 ? Number.MIN_SAFE_INTEGER : place;
}

function columnFilter(
  model: ApiModel,
  filter: LinkedFilter,
  values: ApiColumnValues | undefined,
): ColumnFilter | null {
  if (filter.on === "probability") return { kind: "range", from: filter.from, to: filter.to };
  if (filter.on === "range") {
    const isRange = values !== undefined && values.type !== "text";
    return isRange ? { kind: "range", from: filter.from, to: filter.to } : null;
  }
  const codes =
    filter.on === "concept"
      ? filter.ids.filter((id) => conceptIdsOf(model).has(id))
      : filter.texts
          .map((text) => (values?.type === "text" ? values.texts.indexOf(text) : -1))
          .filter((code) => code !== -1);
  return codes.length === 0 ? null : { kind: "texts", codes };
}

/** Ids that pictures may have: those of the concepts, and -1. */
export function conceptIdsOf({ concepts }: ApiModel): ReadonlySet<number> {
  return new Set([-1, ...concepts.map(({ id }) => id)]);
}
