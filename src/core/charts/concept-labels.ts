import { countText } from "../view/collage-summary.ts";
import type { ChartPaper } from "./chart-paper.ts";

export interface LabelledConcept {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}

const LONGEST_NAME = 260;
const GAP = 8;

/** A column of labels, one a concept: its id, its name, cut where it is long, and how many pictures it has. */
export class ConceptLabels {
  /** Of the whole column. */
  readonly width: number;
  private readonly paper: ChartPaper;
  private readonly size: number;
  private readonly idWidth: number;
  private readonly nameWidth: number;

  /** @param size of the letters */
  constructor(paper: ChartPaper, concepts: readonly LabelledConcept[], size: number) {
    const widest = (texts: string[]): number =>
      texts.reduce((width, text) => Math.max(width, paper.widthOf(text, size)), 0);
    this.paper = paper;
    this.size = size;
    this.idWidth = widest(concepts.map(({ id }) => String(id)));
    this.nameWidth = Math.min(LONGEST_NAME, widest(concepts.map(({ name }) => name)));
    const countWidth = widest(concepts.map((concept) => countText(concept.size)));
    this.width = this.idWidth + this.nameWidth + countWidth + 2 * GAP;
  }

  /** @param y the middle of the line */
  draw(x: number, y: number, { id, name, size }: LabelledConcept): void {
    const baseline = y + this.size * 0.36;
    const { paper, idWidth, nameWidth, width } = this;
    paper.text(x + idWidth, baseline, String(id), { size: this.size, color: "muted", anchor: "end" });
    paper.text(x + idWidth + GAP, baseline, name, { size: this.size, maxWidth: nameWidth + 0.5 });
    paper.text(x + width, baseline, countText(size), { size: this.size, color: "muted", anchor: "end" });
  }
}
