import type { ConceptSimilarity } from "../compare/concept-similarity.ts";
import { axisTicks } from "../math/axis-ticks.ts";
import { countText } from "../view/collage-summary.ts";
import type { CollageFonts } from "../view/font-metrics.ts";
import { type Chart, type ChartOptions, ChartPaper, chartMargin } from "./chart-paper.ts";
import { ConceptLabels } from "./concept-labels.ts";
import { treePath } from "./tree-path.ts";

const TREE = 460;
const GAP = 14;

/** The tree of concepts, the most alike joined first: the further right a branch, the more alike what it joins. */
export function drawDendrogram(
  { concepts, dendrogram }: ConceptSimilarity,
  fonts: CollageFonts,
  options: ChartOptions = {},
): Chart {
  const { theme = "light", title = "Which concepts are alike" } = options;
  const paper = new ChartPaper(fonts, theme);
  const count = concepts.length;
  const line = count <= 40 ? 26 : count <= 80 ? 20 : 15;
  const labels = new ConceptLabels(paper, concepts, line < 18 ? 11 : 12);
  const width = chartMargin + TREE + GAP + labels.width + chartMargin;
  const subtitle = `${countText(count)} concepts joined by average linkage`;
  const top = paper.heading(title, subtitle, width);
  const bottom = top + count * line;
  // Room left of the root, so that the last branch does not end in the margin.
  const highest = (dendrogram.heights.at(-1) ?? 1) * 1.04 || 1;
  const xOf = (height: number): number => chartMargin + TREE * (1 - height / highest);
  for (const tick of axisTicks(1 - highest, 1, 6)) {
    const x = xOf(1 - tick.value);
    paper.line(`M${x.toFixed(2)} ${top}V${bottom + 4}`, "border", 1);
    paper.text(x, bottom + 20, tick.text, { size: 11, color: "muted", anchor: "middle" });
  }
  paper.text(chartMargin, bottom + 40, "Cosine similarity at which they join", { size: 11, color: "muted" });
  const placeOf = new Map(Array.from(dendrogram.order, (leaf, place) => [leaf, place]));
  const middle = (leaf: number): number => top + (placeOf.get(leaf)! + 0.5) * line;
  const path = treePath(dendrogram, middle, xOf);
  if (path !== "") paper.line(path, "accent", count <= 80 ? 1.5 : 1.25);
  concepts.forEach((concept, leaf) => {
    labels.draw(chartMargin + TREE + GAP, middle(leaf), concept);
  });
  return paper.chart(width, bottom + 40 + chartMargin, title);
}
