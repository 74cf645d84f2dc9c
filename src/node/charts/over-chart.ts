import { drawOver, type OverChartOptions } from "../../core/charts/over-chart.ts";
import type { BinOptions } from "../../core/compare/column-bins.ts";
import type { ConceptsOver } from "../../core/compare/concepts-over.ts";
import { ModelStateError } from "../../core/errors.ts";
import type { OverColumnOptions } from "../over-column.ts";
import { type DrawnChart, drawChart } from "./draw-chart.ts";

/** Where the column is, how it is put into bins, and how that is drawn. */
export interface OverChoice extends OverChartOptions, BinOptions, OverColumnOptions {}

/** @throws ModelStateError (NO_CONCEPTS) when there are none to draw */
export async function drawConceptsOver(
  over: ConceptsOver,
  options: OverChartOptions = {},
): Promise<DrawnChart> {
  if (over.concepts.every(({ id }) => id === -1)) {
    throw new ModelStateError("NO_CONCEPTS", "The model has no concepts to draw");
  }
  return drawChart((fonts) => drawOver(over, fonts, options));
}
