export interface Label {
  readonly text: string;
  /** Pixels. */
  readonly font: number;
  readonly x: number;
  readonly y: number;
  readonly hidden: boolean;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const GAP = 4;
const LONGEST = 28;

/** Leaves the labels that overlap none before them and are in view; long ones are cut. */
export function placeLabels(
  labels: readonly Label[],
  view: { readonly width: number; readonly height: number },
  measure: (text: string, font: number) => number,
): Label[] {
  const taken: Box[] = [];
  const placed: Label[] = [];
  for (const label of labels) {
    if (label.hidden) continue;
    const text = label.text.length > LONGEST ? `${label.text.slice(0, LONGEST - 1)}…` : label.text;
    const width = measure(text, label.font) / 2 + GAP;
    const height = label.font / 2 + GAP;
    const box = {
      left: label.x - width,
      right: label.x + width,
      top: label.y - height,
      bottom: label.y + height,
    };
    if (box.left < 0 || box.top < 0 || box.right > view.width || box.bottom > view.height) continue;
    if (taken.some((other) => overlaps(box, other))) continue;
    taken.push(box);
    placed.push({ ...label, text });
  }
  return placed;
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
