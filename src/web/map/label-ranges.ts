/** A name that wants a place on the map. */
export interface LabelBox {
  /** Its middle, in units of the map. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels, with the room around it. */
  readonly width: number;
  readonly height: number;
}

/**
 * From which zoom on each name is shown, so that no two ever overlap (active ranges as in Been, Daiches and Yap, "Dynamic map
 * labeling", 2006). A name that is shown stays as one comes closer, and what is shown does not depend on the part that is looked
 * at: names come and go with the zoom only, never while panning.
 *
 * @param boxes the most important first
 * @returns one zoom a box: `-Infinity` for always, `Infinity` for a name that lies on a more important one
 */
export function labelZooms(boxes: readonly LabelBox[]): Float64Array {
  const zooms = new Float64Array(boxes.length).fill(Number.NEGATIVE_INFINITY);
  for (const [i, box] of boxes.entries()) {
    for (let j = 0; j < i; j++) {
      const apart = zoomApart(box, boxes[j]!);
      // One that comes in after they have parted is in nobody's way.
      if (apart > zooms[j]!) zooms[i] = Math.max(zooms[i]!, apart);
    }
  }
  return zooms;
}

/** The zoom at which two boxes touch with their sides; from then on they are apart. */
function zoomApart(a: LabelBox, b: LabelBox): number {
  const across = Math.log2((a.width + b.width) / 2 / Math.abs(a.x - b.x));
  const along = Math.log2((a.height + b.height) / 2 / Math.abs(a.y - b.y));
  return Math.min(across, along);
}
