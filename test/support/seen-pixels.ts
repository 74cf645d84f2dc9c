import type { Page } from "playwright-core";
import sharp from "sharp";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a part of a page looks like. */
export class SeenPixels {
  private readonly data: Uint8Array;
  private readonly width: number;

  private constructor(data: Uint8Array, width: number) {
    this.data = data;
    this.width = width;
  }

  static async of(page: Page, clip: Box): Promise<SeenPixels> {
    const png = await page.screenshot({ clip, animations: "disabled" });
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return new SeenPixels(data, info.width);
  }

  at(x: number, y: number): [number, number, number] {
    const from = 3 * (Math.round(y) * this.width + Math.round(x));
    return [this.data[from]!, this.data[from + 1]!, this.data[from + 2]!];
  }

  /** Pixels with a colour, rather than a grey. */
  get colored(): number {
    return this.count(([red, green, blue]) => Math.max(red, green, blue) - Math.min(red, green, blue) > 40);
  }

  /** Colours of which there are any, in 32 steps a channel. */
  get colors(): number {
    const seen = new Set<number>();
    for (let from = 0; from < this.data.length; from += 3) {
      seen.add(
        ((this.data[from]! >> 3) << 10) | ((this.data[from + 1]! >> 3) << 5) | (this.data[from + 2]! >> 3),
      );
    }
    return seen.size;
  }

  private count(isCounted: (color: [number, number, number]) => boolean): number {
    let count = 0;
    for (let from = 0; from < this.data.length; from += 3) {
      if (isCounted([this.data[from]!, this.data[from + 1]!, this.data[from + 2]!])) count++;
    }
    return count;
  }
}
