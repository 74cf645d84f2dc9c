import type { ApiModel } from "../../core/explorer/api.ts";
import { CONCEPT_FIELD, PROBABILITY_FIELD } from "../state/filtered-rows.ts";

/** Something that pictures can be compared by. */
export interface ChartField {
  readonly field: number;
  readonly name: string;
  readonly type: "text" | "number" | "date";
}

/** Dates first, then classes, numbers, and what every model has. */
export function chartFields({ columns }: Pick<ApiModel, "columns">): readonly ChartField[] {
  const rank = { date: 0, text: 1, number: 2 } as const;
  const given = columns
    .map(({ name, type }, field): ChartField => ({ field, name, type }))
    .sort((a, b) => rank[a.type] - rank[b.type] || a.field - b.field);
  return [
    ...given,
    { field: CONCEPT_FIELD, name: "Concept", type: "text" },
    { field: PROBABILITY_FIELD, name: "Probability", type: "number" },
  ];
}
