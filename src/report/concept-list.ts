import type { ReportConcept } from "../core/report/report-data.ts";
import { conceptColor, cssColor } from "../core/view/concept-color.ts";
import { element } from "./element.ts";
import type { Thumbnails } from "./thumbnails.ts";

/** Cards of concepts; one may be chosen. */
export class ConceptList {
  readonly root: HTMLElement = element("ul", "concepts");
  onChoose: (place: number | null) => void = () => undefined;
  private readonly cards: HTMLLIElement[];
  private chosen: number | null = null;

  constructor(concepts: readonly ReportConcept[], exemplars: Thumbnails) {
    this.cards = concepts.map((concept, place) => this.card(concept, place, exemplars));
    this.root.append(...this.cards);
  }

  /** @param places in this order; null for all */
  show(places: readonly number[] | null): void {
    this.root.replaceChildren(...(places === null ? this.cards : places.map((place) => this.cards[place]!)));
  }

  choose(place: number | null): void {
    this.chosen = place;
    this.cards.forEach((card, i) => {
      card.firstElementChild!.setAttribute("aria-pressed", String(i === place));
    });
  }

  private card(concept: ReportConcept, place: number, exemplars: Thumbnails): HTMLLIElement {
    const { name, size, words, fault } = concept;
    const pictures = concept.exemplars.map((row) => exemplars.element(row, exemplars.cell, ""));
    for (const picture of pictures) picture.setAttribute("aria-hidden", "true");
    const button = element(
      "button",
      "card",
      element("span", "name", dot(concept.id), name),
      element("span", "size", size.toLocaleString("en")),
      element("span", "words", words.map(({ word, score }) => `${word} ${score.toFixed(2)}`).join(" · ")),
      ...(fault === null ? [] : [element("span", "fault", fault)]),
      element("span", "pictures", ...pictures),
    );
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => this.onChoose(this.chosen === place ? null : place));
    return element("li", "", button);
  }
}

/** The concept's colour on the map, in light and in dark. */
function dot(id: number): HTMLElement {
  const made = element("span", "dot");
  for (const theme of ["light", "dark"] as const) {
    made.style.setProperty(`--${theme}`, cssColor(conceptColor(id, theme)));
  }
  return made;
}
