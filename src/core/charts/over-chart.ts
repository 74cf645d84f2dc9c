import { type ConceptOver, type ConceptsOver, strongestBin } from "../compare/concepts-over.ts";
import { countText, percentText } from "../view/collage-summary.ts";
import type { CollageFonts } from "../view/font-metrics.ts";
import { type Chart, type ChartOptions, ChartPaper, chartMargin, round } from "./chart-paper.ts";
import { rampColor } from "./color-ramp.ts";

export interface OverChartOptions extends ChartOptions {
  /** How many concepts, largest first; default 12. */
  readonly top?: number | undefined;
  /** These concepts instead, by their ids, in this order. */
  readonly concepts?: readonly number[] | undefined;
}

const PANEL = { width: 300, gap: 16, padding: 16 };
const COLUMNS = 3;
const DEFAULT_TOP = 12;
/** Bars side by side over time; rows with their labels for classes. */
const PLOT_HEIGHT = 92;
const ROW_HEIGHT = 20;
/** Commonest first; the others are told in the subtitle. */
const MOST_CLASSES = 12;
/** A share of fewer pictures is drawn faintly: one more or less would change it much. */
const FEW_PICTURES = 10;
/** Of the ramp: bars that do not stand out. */
const PALE = 0.35;

/**
 * A small chart for each concept: its share of each bin's pictures, with a line at its share of all. The bin in which it is most
 * clearly over-represented stands out; bins of few pictures are faint. Each chart has a scale of its own.
 */
export function drawOver(over: ConceptsOver, fonts: CollageFonts, options: OverChartOptions = {}): Chart {
  const { theme = "light", title = `Concepts over ${over.by}` } = options;
  const paper = new ChartPaper(fonts, theme);
  const shown = chosenConcepts(over, options);
  const columns = Math.max(1, Math.min(COLUMNS, shown.length));
  const width = Math.max(
    2 * chartMargin + columns * PANEL.width + (columns - 1) * PANEL.gap,
    2 * chartMargin + 2 * PANEL.width + PANEL.gap,
  );
  const top = paper.heading(title, subtitle(over, shown.length), width);
  const plotHeight = over.kind === "time" ? PLOT_HEIGHT + 18 : ROW_HEIGHT * drawnBins(over).length;
  const height = PANEL.padding + 34 + plotHeight + PANEL.padding - 2;
  shown.forEach((concept, i) => {
    const x = chartMargin + (i % columns) * (PANEL.width + PANEL.gap);
    const y = top + Math.floor(i / columns) * (height + PANEL.gap);
    drawPanel(paper, over, concept, { x, y, width: PANEL.width, height });
  });
  const rows = Math.ceil(shown.length / columns);
  return paper.chart(width, top + rows * (height + PANEL.gap) - PANEL.gap + chartMargin, title);
}

function chosenConcepts(
  over: ConceptsOver,
  { top = DEFAULT_TOP, concepts }: OverChartOptions,
): ConceptOver[] {
  const real = over.concepts.filter(({ id }) => id !== -1);
  if (concepts === undefined) return real.slice(0, top);
  return concepts.flatMap((id) => real.find((concept) => concept.id === id) ?? []);
}

function subtitle({ kind, bins, unknown, by }: ConceptsOver, shown: number): string {
  const pictures = bins.reduce((sum, bin) => sum + bin.pictures, 0);
  const hidden = kind === "time" ? 0 : bins.length - Math.min(bins.length, MOST_CLASSES);
  const isFaint = bins.some(({ pictures: few }) => few > 0 && few < FEW_PICTURES);
  return [
    `Share of the pictures of each ${kind === "time" ? "span" : by}; the line is the share of all`,
    `${countText(pictures)} pictures`,
    ...(unknown > 0 ? [`${countText(unknown)} without ${by}`] : []),
    ...(isFaint ? [`faint: fewer than ${FEW_PICTURES} pictures`] : []),
    ...(hidden > 0 ? [`${countText(hidden)} smaller ones not drawn`] : []),
    `${countText(shown)} concepts`,
  ].join(" · ");
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawPanel(paper: ChartPaper, over: ConceptsOver, concept: ConceptOver, box: Box): void {
  const { padding } = PANEL;
  paper.rect({ x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }, "border", {
    radius: 11,
  });
  paper.rect(box, "card", { radius: 10 });
  const right = box.x + box.width - padding;
  const count = countText(concept.size);
  const nameWidth = box.width - 2 * padding - paper.widthOf(count) - 10;
  const baseline = box.y + padding + 11;
  paper.text(box.x + padding, baseline, concept.name, { size: 14, isStrong: true, maxWidth: nameWidth });
  paper.text(right, baseline, count, { color: "muted", anchor: "end" });
  const plot = {
    x: box.x + padding,
    y: box.y + padding + 34,
    width: box.width - 2 * padding,
    height: over.kind === "time" ? PLOT_HEIGHT : ROW_HEIGHT * drawnBins(over).length,
  };
  if (over.kind === "time") drawColumns(paper, over, concept, plot);
  else drawRows(paper, over, concept, plot);
}

/** Places of the bins that are drawn: all of time and ranges in order, of classes the commonest. */
function drawnBins({ bins, kind }: ConceptsOver): number[] {
  const places = bins.map((_, place) => place);
  return kind === "time" ? places : places.slice(0, MOST_CLASSES);
}

function barColor(
  paper: ChartPaper,
  { bins }: ConceptsOver,
  bin: number,
  strongest: number | null,
): "accent" | "track" | `#${string}` {
  if (bin === strongest) return "accent";
  return bins[bin]!.pictures < FEW_PICTURES ? "track" : rampColor(PALE, paper.theme);
}

function drawColumns(paper: ChartPaper, over: ConceptsOver, concept: ConceptOver, plot: Box): void {
  const strongest = strongestBin(concept);
  const highest = scaleOf(over, concept);
  const step = plot.width / over.bins.length;
  const gap = step > 6 ? 2 : step > 2.5 ? 0.5 : 0;
  const yOf = (share: number): number => plot.y + plot.height * (1 - Math.min(1, share / highest));
  over.bins.forEach(({ label, pictures }, bin) => {
    const share = concept.shares[bin]!;
    if (share === 0) return;
    const y = Math.min(yOf(share), plot.y + plot.height - 1);
    const place = {
      x: plot.x + bin * step,
      y,
      width: Math.max(0.5, step - gap),
      height: plot.y + plot.height - y,
    };
    paper.rect(place, barColor(paper, over, bin, strongest), {
      radius: step > 6 ? 1.5 : 0,
      label: `${label}: ${percentText(share)} of ${countText(pictures)}`,
    });
  });
  paper.line(`M${plot.x} ${plot.y + plot.height}h${plot.width}`, "border");
  const line = round(yOf(concept.share));
  paper.line(`M${plot.x} ${line}h${plot.width}`, "text", 0.75);
  drawTimeLabels(paper, over, plot, strongest);
  const peak =
    strongest === null ? "" : `${over.bins[strongest]!.label}: ${percentText(concept.shares[strongest]!)}`;
  const told = [peak, `all: ${percentText(concept.share)}`].filter((text) => text !== "").join(" · ");
  paper.text(plot.x, plot.y - 8, told, { size: 11, color: "muted", maxWidth: plot.width });
}

/** First and last bin, and the one that stands out where it is not in their way. */
function drawTimeLabels(
  paper: ChartPaper,
  { bins }: ConceptsOver,
  plot: Box,
  strongest: number | null,
): void {
  const y = plot.y + plot.height + 15;
  const style = { size: 10, color: "muted" as const };
  paper.text(plot.x, y, bins[0]!.label, style);
  if (bins.length > 1) paper.text(plot.x + plot.width, y, bins.at(-1)!.label, { ...style, anchor: "end" });
  if (strongest === null) return;
  const text = bins[strongest]!.label;
  const middle = plot.x + ((strongest + 0.5) * plot.width) / bins.length;
  const free = paper.widthOf(text, 10) * 1.5 + 12;
  if (middle - plot.x < free || plot.x + plot.width - middle < free) return;
  paper.text(middle, y, text, { ...style, color: "accent", anchor: "middle" });
}

function drawRows(paper: ChartPaper, over: ConceptsOver, concept: ConceptOver, plot: Box): void {
  const strongest = strongestBin(concept);
  const highest = scaleOf(over, concept);
  const bins = drawnBins(over);
  const labelWidth = Math.min(
    plot.width * 0.4,
    bins.reduce((widest, bin) => Math.max(widest, paper.widthOf(over.bins[bin]!.label, 11)), 0),
  );
  const left = plot.x + labelWidth + 8;
  const width = plot.width - labelWidth - 8 - 40;
  bins.forEach((bin, i) => {
    const { label, pictures } = over.bins[bin]!;
    const share = concept.shares[bin]!;
    const middle = plot.y + (i + 0.5) * ROW_HEIGHT - 6;
    const strong = bin === strongest;
    paper.text(plot.x, middle + 4, label, {
      size: 11,
      color: strong ? "text" : "muted",
      maxWidth: labelWidth + 0.5,
    });
    const bar = {
      x: left,
      y: middle - 5,
      width: Math.max(share > 0 ? 1 : 0, (width * share) / highest),
      height: 10,
    };
    const told = `${label}: ${percentText(share)} of ${countText(pictures)}`;
    if (share > 0) paper.rect(bar, barColor(paper, over, bin, strongest), { radius: 2, label: told });
    const text = share === 0 ? "–" : percentText(share);
    paper.text(plot.x + plot.width, middle + 4, text, {
      size: 11,
      color: strong ? "text" : "muted",
      anchor: "end",
    });
  });
  const line = round(left + (width * concept.share) / highest);
  paper.line(`M${line} ${plot.y - 4}v${bins.length * ROW_HEIGHT - 4}`, "text", 0.75);
}

/** The highest share that counts: bins of few pictures do not set the scale where others can. */
function scaleOf({ bins }: ConceptsOver, { shares, share }: ConceptOver): number {
  const counted = shares.filter((_, bin) => bins[bin]!.pictures >= FEW_PICTURES);
  const highest = (counted.length > 0 ? counted : shares).reduce(
    (most, value) => Math.max(most, value),
    share,
  );
  return highest > 0 ? highest : 1;
}
