import { shownName } from "../concepts/shown-name.ts";
import type { TypedValues } from "../state/columns.ts";
import { CONCEPT_FIELD, fieldValues } from "../state/filtered-rows.ts";
import type { ExplorerState } from "../state/store.ts";
import type { ChartField } from "./chart-fields.ts";
import { type Dimension, rangeDimension, textDimension } from "./dimension.ts";

/** A dimension and what its bins are called, where they are texts. */
export interface FieldDimension {
  readonly dimension: Dimension;
  readonly labels: ReadonlyMap<number, string>;
}

type Sources = Pick<ExplorerState, "columns" | "points" | "model">;

const ranges = new WeakMap<TypedValues, Dimension | null>();

/** The bins of a field: null while its values are not there, "none" where no row has one. */
export function fieldDimension(
  sources: Sources,
  { field, type }: ChartField,
): FieldDimension | "none" | null {
  const values = fieldValues(sources, field);
  if (values === null) return null;
  if (type === "text") {
    const labels = textLabels(sources, field);
    const dimension = textDimension(values, [...labels.keys()]);
    return labels.size === 0 ? "none" : { dimension, labels };
  }
  let dimension = ranges.get(values);
  if (dimension === undefined) {
    dimension = rangeDimension(values, type);
    ranges.set(values, dimension);
  }
  return dimension === null ? "none" : { dimension, labels: new Map() };
}

/** Texts by their codes, the commonest first. */
function textLabels({ columns, model }: Sources, field: number): ReadonlyMap<number, string> {
  if (field === CONCEPT_FIELD) {
    const concepts = model?.concepts ?? [];
    return new Map([
      ...concepts.map((concept) => [concept.id, shownName(concept)] as const),
      [-1, "In no concept"],
    ]);
  }
  const column = columns.get(field);
  return new Map(column?.type === "text" ? column.texts.map((text, code) => [code, text]) : []);
}
