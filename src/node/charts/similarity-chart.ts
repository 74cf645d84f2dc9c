import type { ChartOptions } from "../../core/charts/chart-paper.ts";
import { drawDendrogram } from "../../core/charts/dendrogram-chart.ts";
import { drawHeatmap } from "../../core/charts/heatmap.ts";
import type { ConceptSimilarity } from "../../core/compare/concept-similarity.ts";
import { InputError, ModelStateError } from "../../core/errors.ts";
import { type DrawnChart, drawChart } from "./draw-chart.ts";

export interface SimilarityChoice extends ChartOptions {
  /** Default `"heatmap"`. */
  readonly as?: "heatmap" | "dendrogram" | undefined;
}

/** A heatmap of more concepts than this has cells too small to be seen on any page. */
const MOST_CONCEPTS = 1000;

/** @throws ModelStateError (NO_CONCEPTS) when there are none; InputError for more than 1,000 */
export async function drawSimilarity(
  similarity: ConceptSimilarity,
  { as = "heatmap", ...options }: SimilarityChoice,
): Promise<DrawnChart> {
  const count = similarity.concepts.length;
  if (count === 0) throw new ModelStateError("NO_CONCEPTS", "The model has no concepts to compare");
  if (count > MOST_CONCEPTS) {
    const details = { expected: `${MOST_CONCEPTS} concepts at most`, found: String(count) };
    throw new InputError("The concepts are too many to be drawn", details);
  }
  const draw = as === "heatmap" ? drawHeatmap : drawDendrogram;
  return drawChart((fonts) => draw(similarity, fonts, options));
}
