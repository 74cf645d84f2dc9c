import type { View } from "../state/store.ts";
import { type Size, scaleOf } from "./camera.ts";
import { labelZooms } from "./label-ranges.ts";

/** A concept's name on the map. */
export interface MapName {
  readonly concept: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Pictures. */
  readonly size: number;
}

/** A name with its size on the screen and the zoom from which it is shown. */
export interface PlacedName extends MapName {
  readonly font: number;
  readonly zoom: number;
}

interface Label extends PlacedName {
  readonly element: HTMLElement;
  /** As the element has it. */
  state: LabelState;
  /** Since when, in milliseconds. */
  since: number;
}

/** "gone" while it fades, "out" when it takes no part in the document any more. */
type LabelState = "out" | "gone" | "shown" | "dimmed" | "forced";

/** CSS pixels of the largest concept's name, and of names that are hardly more than nothing. */
const [LARGEST, SMALLEST] = [21, 12];
/** Around a name. */
const [MARGIN_X, MARGIN_Y] = [10, 5];
const LINE = 1.25;
/** Pixels above and below the map from which no name reaches into it. */
const LINES = 30;
const MOST_WIDTH = 240;
/** Milliseconds in which a name fades for sure. */
const FADED = 400;
/** A name stays for so much zoom after it should have gone: nothing blinks at the border. */
const HYSTERESIS = 0.06;

/** The names of concepts, as text of the document: any script is drawn, and nothing in them is markup. */
export class MapLabels {
  private readonly host: HTMLElement;
  private labels: Label[] = [];
  private lit: ((concept: number) => boolean) | null = null;
  private forced: number | null = null;

  constructor(host: HTMLElement) {
    this.host = host;
  }

  setNames(names: readonly MapName[]): void {
    this.host.replaceChildren();
    this.labels = placeNames(names, this.measure()).map((placed) => {
      const element = document.createElement("span");
      element.textContent = placed.name;
      element.dir = "auto";
      element.dataset["concept"] = String(placed.concept);
      element.style.fontSize = `${placed.font}px`;
      element.hidden = true;
      this.host.append(element);
      return { ...placed, element, state: "out", since: 0 };
    });
  }

  /** @param lit whether a concept has lit pictures; null where all have @param forced is shown whatever else is there */
  setEmphasis(lit: ((concept: number) => boolean) | null, forced: number | null): void {
    this.lit = lit;
    this.forced = forced;
  }

  /** Moves the names to where they are in a view. @param now milliseconds */
  update(view: View, size: Size, now: number): void {
    const scale = scaleOf(view);
    for (const label of this.labels) {
      const x = size.width / 2 + (label.x - view.x) * scale;
      const y = size.height / 2 - (label.y - view.y) * scale;
      const isSeen =
        x > -MOST_WIDTH / 2 && x < size.width + MOST_WIDTH / 2 && y > -LINES && y < size.height + LINES;
      const state = isSeen ? this.stateOf(label, view.zoom, now) : "out";
      if (state !== label.state) setLabelState(label, state, now);
      if (state === "out") continue;
      label.element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }

  /** The names that a view shows, for those who draw it elsewhere. */
  shownNames(): readonly PlacedName[] {
    return this.labels.filter(({ state }) => state !== "out" && state !== "gone");
  }

  private stateOf({ concept, zoom, state, since }: Label, at: number, now: number): LabelState {
    if (concept === this.forced) return "forced";
    const isThere = state !== "out" && state !== "gone";
    if (at >= zoom - (isThere ? HYSTERESIS : 0)) {
      return this.lit === null || this.lit(concept) ? "shown" : "dimmed";
    }
    return isThere || (state === "gone" && now - since < FADED) ? "gone" : "out";
  }

  private measure(): (text: string, font: number) => number {
    const context = document.createElement("canvas").getContext("2d")!;
    const { fontFamily } = getComputedStyle(this.host);
    return (text, font) => {
      context.font = `600 ${font}px ${fontFamily}`;
      return Math.min(MOST_WIDTH, context.measureText(text).width);
    };
  }
}

function setLabelState(label: Label, state: LabelState, now: number): void {
  label.state = state;
  label.since = now;
  label.element.hidden = state === "out";
  label.element.dataset["state"] = state;
}

/** Sizes by the share of pictures, and who is shown from which zoom on. */
export function placeNames(
  names: readonly MapName[],
  measure: (text: string, font: number) => number,
): PlacedName[] {
  const ordered = [...names].sort((a, b) => b.size - a.size || a.concept - b.concept);
  const largest = Math.max(1, ordered[0]?.size ?? 1);
  const fonts = ordered.map(({ size }) =>
    Math.round(SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(size / largest)),
  );
  const boxes = ordered.map(({ name, x, y }, at) => ({
    x,
    y,
    width: measure(name, fonts[at]!) + 2 * MARGIN_X,
    height: fonts[at]! * LINE + 2 * MARGIN_Y,
  }));
  const zooms = labelZooms(boxes);
  return ordered.map((name, at) => ({ ...name, font: fonts[at]!, zoom: zooms[at]! }));
}
