import { conceptColor, cssColor } from "../core/view/concept-color.ts";

/** Round points in the colours of the concepts, drawn once each: thousands of copies are quicker than thousands of circles. */
export class PointSprites {
  private readonly sprites: Map<number, HTMLCanvasElement> = new Map();
  private key = "";

  /** @param id of the concept, -1 for none; @param radius pixels of the page */
  draw(
    context: CanvasRenderingContext2D,
    id: number,
    { x, y, radius, isDark }: { x: number; y: number; radius: number; isDark: boolean },
  ): void {
    const key = `${radius} ${isDark} ${devicePixelRatio}`;
    if (key !== this.key) this.sprites.clear();
    this.key = key;
    let sprite = this.sprites.get(id);
    if (sprite === undefined) {
      sprite = circle(
        Math.ceil(2 * radius * devicePixelRatio) + 2,
        cssColor(conceptColor(id, isDark ? "dark" : "light")),
      );
      this.sprites.set(id, sprite);
    }
    const side = sprite.width / devicePixelRatio;
    context.drawImage(sprite, x - side / 2, y - side / 2, side, side);
  }
}

function circle(side: number, colour: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d")!;
  context.fillStyle = colour;
  context.arc(side / 2, side / 2, side / 2 - 1, 0, 2 * Math.PI);
  context.fill();
  return canvas;
}
