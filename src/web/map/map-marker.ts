import type { Size, Spot } from "./camera.ts";

/** Around points and pictures, in CSS pixels. */
const ROOM = 10;
/** Between a picture and its card, and between the card and the edge of the map. */
const GAP = 12;

/** The ring around the picture that is pointed at, and the place of its card. */
export class MapMarker {
  private readonly ring: HTMLElement;
  private readonly card: HTMLElement;

  constructor(ring: HTMLElement, card: HTMLElement) {
    this.ring = ring;
    this.card = card;
  }

  hide(): void {
    this.ring.hidden = true;
  }

  /** @param at on the screen @param side of the picture or point */
  show(at: Spot, side: number, shape: "point" | "picture", size: Size): void {
    const { ring, card } = this;
    ring.hidden = false;
    ring.style.width = `${side + ROOM}px`;
    ring.style.height = `${side + ROOM}px`;
    ring.classList.toggle("is-picture", shape === "picture");
    ring.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
    // On the side with more room.
    const away = (side + ROOM) / 2 + GAP;
    const x = at.x > size.width / 2 ? `calc(${at.x - away}px - 100%)` : `${at.x + away}px`;
    const y =
      at.y > size.height / 2
        ? `calc(${Math.min(size.height - GAP, at.y + 40)}px - 100%)`
        : `${Math.max(GAP, at.y - 40)}px`;
    card.style.transform = `translate(${x}, ${y})`;
  }
}
