/** CSS pixels of a side of a picture: while there is no room for all, and as large as they grow. */
const SMALLEST = 36;
const LARGEST = 176;
/** Pictures come in when neighbours are so many pixels apart, ... */
const START_SPACING = 9;
/** ... but not before the map was enlarged by this much (as zoom): at first it is a map of points. */
const START_ZOOM = 0.75;
/** Zoom over which they fade in. */
const FADE = 0.4;
/** Of the usual spacing: what a picture's side takes where all are shown. */
const FILL = 0.92;
/** Distance of pictures, in sides, at which the second of them begins to come in, and at which it is there. */
const [BEGIN, END] = [0.96, 1.02];

/** Least distances of the levels, in usual spacings: 8 to 1/32, three steps for each doubling. */
const LEVELS: readonly number[] = Array.from({ length: 25 }, (_, level) => 8 * 2 ** (-level / 3));

/** How large pictures are and how many are shown, by zoom. */
export interface PictureScale {
  /** Usual distance of neighbours, in units of the map. */
  readonly spacing: number;
  /** For `thin`. */
  readonly spacings: readonly number[];
  /** Zoom from which pictures are drawn. */
  readonly start: number;
  /** Zoom at which the last level is there: nothing is gained by coming closer. */
  readonly closest: number;
  /** CSS pixels. */
  side(zoom: number): number;
  /** How far pictures have faded in, 0 to 1. */
  fade(zoom: number): number;
  /** Of points, in CSS pixels: they grow a little as one comes closer, and are small where there are many. */
  pointRadius(zoom: number): number;
  /** How far the pictures of a level have come in, 0 to 1. */
  share(level: number, zoom: number): number;
}

/** @param spacing usual distance of neighbours, in units of the map @param fitZoom at which the whole map is seen */
export function pictureScale(spacing: number, fitZoom: number): PictureScale {
  const spacings = LEVELS.map((level) => level * spacing);
  const start = Math.max(fitZoom + START_ZOOM, Math.log2(START_SPACING / spacing));
  const side = (zoom: number): number => Math.min(LARGEST, Math.max(SMALLEST, FILL * spacing * 2 ** zoom));
  return {
    spacing,
    spacings,
    start,
    closest: Math.log2((END * LARGEST) / spacings.at(-1)!),
    side,
    pointRadius: (zoom) => Math.min(4.5, 0.9 + 0.2 * spacing * 2 ** zoom),
    fade: (zoom) => clamp((zoom - start) / FADE),
    share: (level, zoom) => clamp(((spacings[level]! * 2 ** zoom) / side(zoom) - BEGIN) / (END - BEGIN)),
  };
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
