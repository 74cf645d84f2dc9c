import type { ApiColumnValues } from "../../core/explorer/api.ts";
import { fetchColumn } from "../api/client.ts";
import { notifyFailure } from "./notices.ts";
import { setState, useExplorer } from "./store.ts";

/** Numbers and dates as float64, NaN where missing; texts as codes, -1 where missing or rare. */
export type TypedValues = Float64Array | Float32Array | Int32Array;

const underWay = new Map<number, Promise<void>>();
const typed = new WeakMap<ApiColumnValues, TypedValues>();

/** Fetches a column into the store, once. */
export function loadColumn(index: number): Promise<void> {
  if (useExplorer.getState().columns.has(index)) return Promise.resolve();
  const running = underWay.get(index);
  if (running !== undefined) return running;
  const loading = fetchColumn(index)
    .then((values) => setState({ columns: new Map(useExplorer.getState().columns).set(index, values) }))
    .catch(notifyFailure)
    .finally(() => underWay.delete(index));
  underWay.set(index, loading);
  return loading;
}

/** A column as a flat array, made once. */
export function typedValues(column: ApiColumnValues): TypedValues {
  let values = typed.get(column);
  if (values === undefined) {
    values =
      column.type === "text"
        ? Int32Array.from(column.codes)
        : Float64Array.from(column.values, (value) => value ?? Number.NaN);
    typed.set(column, values);
  }
  return values;
}
