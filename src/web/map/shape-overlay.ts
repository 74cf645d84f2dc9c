import type { Spot } from "./camera.ts";

const SVG = "http://www.w3.org/2000/svg";
/** A corner that is nearer to the last one adds nothing. */
const STEP = 3;

/** The lasso or box while it is drawn, over the map; CSS pixels. */
export class ShapeOverlay {
  private readonly svg: SVGSVGElement;
  private readonly path: SVGPathElement;
  private readonly kind: "lasso" | "box";
  private corners: Spot[];

  constructor(host: HTMLElement, kind: "lasso" | "box", start: Spot) {
    this.kind = kind;
    this.corners = [start];
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.classList.add("map-shape");
    this.svg.setAttribute("aria-hidden", "true");
    this.path = document.createElementNS(SVG, "path");
    this.svg.append(this.path);
    host.append(this.svg);
  }

  moveTo(spot: Spot): void {
    const [first] = this.corners;
    const last = this.corners.at(-1)!;
    if (this.kind === "box") {
      this.corners = [first!, { x: spot.x, y: first!.y }, spot, { x: first!.x, y: spot.y }];
    } else if (Math.hypot(spot.x - last.x, spot.y - last.y) >= STEP) this.corners.push(spot);
    else return;
    const way = this.corners.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    this.path.setAttribute("d", `M${way}Z`);
  }

  /** @returns the corners; fewer than 3 where nothing was drawn */
  close(): readonly Spot[] {
    this.svg.remove();
    return this.corners;
  }
}
