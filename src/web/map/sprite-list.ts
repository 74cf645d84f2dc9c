import type { Rgb } from "../../core/view/oklch.ts";

/** Numbers of a sprite: place (2), layer, corner of its part of the page (2), extent of that (2), side, alpha, ring (3), veil. */
export const SPRITE_LENGTH = 13;

export interface Sprite {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
  /** Part of the page, 0 to 1; what is not square is drawn with its longer side `side` long. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels. */
  readonly side: number;
  readonly alpha: number;
  /** Around the picture. */
  readonly ring: Rgb;
  /** Share of the map's own colour that lies over it. */
  readonly veil: number;
}

/** Pictures to be drawn, one after the other in one flat array that grows and is used again for every frame. */
export class SpriteList {
  data: Float32Array = new Float32Array(256 * SPRITE_LENGTH);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add({ x, y, layer, left, top, width, height, side, alpha, ring, veil }: Sprite): void {
    const at = this.count * SPRITE_LENGTH;
    if (at === this.data.length) {
      const larger = new Float32Array(2 * this.data.length);
      larger.set(this.data);
      this.data = larger;
    }
    const { data } = this;
    data[at] = x;
    data[at + 1] = y;
    data[at + 2] = layer;
    data[at + 3] = left;
    data[at + 4] = top;
    data[at + 5] = width;
    data[at + 6] = height;
    data[at + 7] = side;
    data[at + 8] = alpha;
    data[at + 9] = ring[0] / 255;
    data[at + 10] = ring[1] / 255;
    data[at + 11] = ring[2] / 255;
    data[at + 12] = veil;
    this.count++;
  }
}
