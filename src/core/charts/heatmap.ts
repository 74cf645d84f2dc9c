import type { ConceptSimilarity } from "../compare/concept-similarity.ts";
import { countText } from "../view/collage-summary.ts";
import type { CollageFonts } from "../view/font-metrics.ts";
import { type Chart, type ChartOptions, ChartPaper, chartMargin } from "./chart-paper.ts";
import { inkOn, rampColor } from "./color-ramp.ts";
import { ConceptLabels } from "./concept-labels.ts";
import { treePath } from "./tree-path.ts";

const GAP = 14;
/** Side of a matrix, where cells can be of a size that is neither tiny nor huge. */
const SIDE = 720;
const NARROWEST = 560;
/** Above, labels of single cells would make up most of the file. */
const MOST_LABELLED = 60;

/**
 * The similarities of all concepts as a square of colours. Rows and columns stand in the order of the tree drawn beside
 * them, so that what is alike lies together; the colours span the values that occur, the diagonal left out.
 */
export function drawHeatmap(
  similarity: ConceptSimilarity,
  fonts: CollageFonts,
  options: ChartOptions = {},
): Chart {
  const { theme = "light", title = "How alike the concepts are" } = options;
  const { concepts, dendrogram } = similarity;
  const paper = new ChartPaper(fonts, theme);
  const count = concepts.length;
  const cell = Math.round(Math.min(52, Math.max(12, SIDE / Math.max(1, count))));
  const labels = new ConceptLabels(paper, concepts, cell < 15 ? 10 : 12);
  const treeWidth = Math.min(160, Math.max(60, count * 6));
  const left = chartMargin + treeWidth + GAP;
  const width = Math.max(NARROWEST, left + cell * count + GAP + labels.width + chartMargin);
  const subtitle = `Cosine similarity of the vectors of ${countText(count)} concepts, ordered by average linkage`;
  const top = paper.heading(title, subtitle, width) + (cell >= 18 ? 18 : 4);
  drawCells(paper, similarity, { left, top, cell });
  const placeOf = new Map(Array.from(dendrogram.order, (leaf, place) => [leaf, place]));
  const middle = (leaf: number): number => top + (placeOf.get(leaf)! + 0.5) * cell;
  const highest = dendrogram.heights.at(-1) ?? 1;
  const path = treePath(dendrogram, middle, (height) => left - 4 - (treeWidth * height) / (highest || 1));
  if (path !== "") paper.line(path, "muted", 1);
  concepts.forEach((concept, leaf) => {
    labels.draw(left + count * cell + GAP, middle(leaf), concept);
  });
  const bottom = top + count * cell + 28;
  drawLegend(paper, valueRange(similarity), left, bottom);
  return paper.chart(width, bottom + 34 + chartMargin - 8, title);
}

function drawCells(
  paper: ChartPaper,
  { concepts, similarities, dendrogram }: ConceptSimilarity,
  { left, top, cell }: { readonly left: number; readonly top: number; readonly cell: number },
): void {
  const { order } = dendrogram;
  const count = concepts.length;
  const range = valueRange({ concepts, similarities });
  const gap = cell >= 18 ? 1.5 : 0.5;
  order.forEach((i, row) => {
    const widestId = cell - 3;
    if (paper.widthOf(String(concepts[i]!.id), 10) <= widestId && cell >= 18) {
      const x = left + (row + 0.5) * cell;
      paper.text(x, top - 6, String(concepts[i]!.id), { size: 10, color: "muted", anchor: "middle" });
    }
    order.forEach((j, column) => {
      const value = similarities[i * count + j]!;
      const shade = (value - range.low) / (range.high - range.low);
      const place = { x: left + column * cell, y: top + row * cell, width: cell - gap, height: cell - gap };
      const label =
        count <= MOST_LABELLED
          ? `${concepts[i]!.name} and ${concepts[j]!.name}: ${value.toFixed(2)}`
          : undefined;
      paper.rect(place, i === j ? "track" : rampColor(shade, paper.theme), {
        radius: cell >= 18 ? 2 : 0,
        label,
      });
      if (cell < 34 || i === j) return;
      const ink = inkOn(shade, paper.theme);
      const [x, y] = [place.x + place.width / 2, place.y + place.height / 2 + 4];
      paper.text(x, y, value.toFixed(2), { size: 11, color: ink, anchor: "middle" });
    });
  });
}

/** The values off the diagonal; never empty. */
function valueRange({ concepts, similarities }: Pick<ConceptSimilarity, "concepts" | "similarities">): {
  readonly low: number;
  readonly high: number;
} {
  const others = similarities.filter((_, i) => i % (concepts.length + 1) !== 0);
  if (others.length === 0) return { low: 0, high: 1 };
  const low = others.reduce((least, value) => Math.min(least, value));
  const high = others.reduce((most, value) => Math.max(most, value));
  return high > low ? { low, high } : { low: low - 0.01, high };
}

function drawLegend(
  paper: ChartPaper,
  { low, high }: { readonly low: number; readonly high: number },
  x: number,
  y: number,
): void {
  const steps = 32;
  const width = 160;
  for (let step = 0; step < steps; step++) {
    const place = { x: x + (step * width) / steps, y, width: width / steps + 0.5, height: 8 };
    paper.rect(place, rampColor(step / (steps - 1), paper.theme));
  }
  paper.text(x, y + 22, low.toFixed(2), { size: 11, color: "muted" });
  paper.text(x + width, y + 22, high.toFixed(2), { size: 11, color: "muted", anchor: "end" });
}
