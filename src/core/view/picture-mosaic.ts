/** Width and height of a picture in its own pixels, as it is to be seen (after EXIF rotation). */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Where a picture goes. Whole numbers. */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Longest strips that are shown whole; beyond, the middle is shown, cut to this aspect. */
export const extremeAspect = 8;
/** Pictures whose longer side is at most this many pixels are enlarged by whole factors, their pixels left sharp. */
export const smallPictureSide = 40;

/** Pictures are enlarged to at most this many layout units a pixel: blur is worse than white space. */
const largestEnlargement = 1.25;
/** The same for small pictures, in units of half a layout unit: at the usual density of 2, device pixels. */
const largestSmallFactor = 4;
/**
 * A picture is worth its area to this power. Low powers favour many even pictures over one large and many
 * small ones.
 */
const worthPower = 0.2;
/** Candidates kept a run of pictures, one a bucket of aspect; more for the whole, which has to fit a box. */
const runBuckets = 48;
const wholeBuckets = 384;
const largestLogAspect = Math.log(24);

interface Arranged {
  /** Width / height, gaps left out. */
  readonly aspect: number;
  /** Worth of the pictures when the whole has area 1: high when they are even. */
  readonly evenness: number;
  /** With gaps, width = slope * height + offset. */
  readonly slope: number;
  readonly offset: number;
}

interface SinglePicture extends Arranged {
  readonly kind: "picture";
  readonly picture: number;
}

/** Two arrangements side by side (`row`) or on top of each other (`column`). */
interface Pair extends Arranged {
  readonly kind: "row" | "column";
  readonly first: Arrangement;
  readonly second: Arrangement;
}

type Arrangement = SinglePicture | Pair;

/** All good arrangements of a sequence of pictures, to be placed in one box or another. */
export interface MosaicChoices {
  readonly sizes: readonly PictureSize[];
  readonly gap: number;
  readonly arrangements: readonly Arrangement[];
}

/**
 * Arrangements of the pictures, in their order, in nested rows and columns (a slicing tree), at most one a
 * bucket of aspect, the most even of those tried.
 *
 * Source: Atkins, "Blocked recursive image composition" (ACM Multimedia 2008), for layouts by slicing tree
 * with aspects kept; the search is our own: dynamic programming over runs of the sequence, where the
 * original inserts pictures one by one.
 *
 * @param sizes positive, at most a dozen
 * @param gap between neighbours, in layout units
 */
export function mosaicChoices(sizes: readonly PictureSize[], gap: number): MosaicChoices {
  const runs: Arrangement[][][] = sizes.map(() => []);
  for (let length = 1; length <= sizes.length; length++) {
    for (let start = 0; start + length <= sizes.length; start++) {
      runs[start]![length] = length === 1 ? [leaf(sizes[start]!, start)] : splits(runs, start, length, gap);
    }
  }
  return { sizes, gap, arrangements: runs[0]?.[sizes.length] ?? [] };
}

function leaf(size: PictureSize, picture: number): Arrangement {
  const aspect = shownAspect(size);
  return { aspect, evenness: 1, slope: aspect, offset: 0, kind: "picture", picture };
}

/** Width / height of what is shown of a picture. */
export function shownAspect(size: PictureSize): number {
  return Math.min(extremeAspect, Math.max(1 / extremeAspect, size.width / size.height));
}

function splits(runs: readonly Arrangement[][][], start: number, length: number, gap: number): Arrangement[] {
  const count = length === runs.length ? wholeBuckets : runBuckets;
  const best = new Float64Array(count);
  const kept: (Arrangement | undefined)[] = new Array(count).fill(undefined);
  for (let cut = 1; cut < length; cut++) {
    for (const first of runs[start]![cut]!) {
      for (const second of runs[start + cut]![length - cut]!) {
        const sum = first.aspect + second.aspect;
        const both = (first.aspect * second.aspect) / sum;
        const lying = combinedEvenness(first, second, first.aspect / sum);
        const rowBucket = bucketOf(sum, count);
        // The margin keeps rounding from deciding between equals: the one found first stays.
        if (lying > best[rowBucket]! + 1e-9) {
          best[rowBucket] = lying;
          kept[rowBucket] = row(first, second, gap, lying);
        }
        const standing = combinedEvenness(first, second, both / first.aspect);
        const columnBucket = bucketOf(both, count);
        if (standing > best[columnBucket]! + 1e-9) {
          best[columnBucket] = standing;
          kept[columnBucket] = column(first, second, gap, standing);
        }
      }
    }
  }
  return kept.filter((candidate) => candidate !== undefined);
}

function bucketOf(aspect: number, count: number): number {
  const place = (Math.log(aspect) / largestLogAspect + 1) / 2;
  return Math.min(count - 1, Math.max(0, Math.floor(place * count)));
}

function combinedEvenness(first: Arrangement, second: Arrangement, firstShare: number): number {
  return firstShare ** worthPower * first.evenness + (1 - firstShare) ** worthPower * second.evenness;
}

function row(first: Arrangement, second: Arrangement, gap: number, evenness: number): Arrangement {
  return {
    aspect: first.aspect + second.aspect,
    evenness,
    slope: first.slope + second.slope,
    offset: first.offset + second.offset + gap,
    kind: "row",
    first,
    second,
  };
}

function column(first: Arrangement, second: Arrangement, gap: number, evenness: number): Arrangement {
  const slope = 1 / (1 / first.slope + 1 / second.slope);
  return {
    aspect: 1 / (1 / first.aspect + 1 / second.aspect),
    evenness,
    slope,
    offset: slope * (first.offset / first.slope + second.offset / second.slope - gap),
    kind: "column",
    first,
    second,
  };
}

/** The boxes of the pictures in a box of the given size, and how well they use it. */
export interface Mosaic {
  /** In the pictures' order, within 0..width and 0..height. */
  readonly boxes: readonly PlacedBox[];
  /** Higher is better; grows with the box's area to the power of `worthPower`. */
  readonly worth: number;
}

/**
 * Places the pictures of one tile in a box: no overlap, aspects kept to the pixel (but see `extremeAspect`).
 * Mosaics start at the top left; those that reach the right side of the box are preferred.
 *
 * @param width whole layout units, as is `height`; both must leave room beyond the gaps
 */
export function placeMosaic(choices: MosaicChoices, width: number, height: number): Mosaic {
  let best: Mosaic = { boxes: [], worth: 0 };
  for (const arrangement of choices.arrangements) {
    const used = fitted(arrangement, width, height);
    const boxes: PlacedBox[] = new Array(choices.sizes.length);
    const room = { x: 0, y: 0, ...used };
    if (!placeInto(boxes, arrangement, room, choices, { width, height })) continue;
    const shown = boxes.reduce((sum, box) => sum + (box.width * box.height) ** worthPower, 0);
    const worth = shown * Math.sqrt(used.width / width);
    if (worth > best.worth + 1e-9) best = { boxes, worth };
  }
  return best;
}

/** A mosaic's worth beside what one picture that filled the given area would have. */
export function relativeWorth(worth: number, area: number): number {
  return worth / area ** worthPower;
}

/** The largest size of an arrangement in a box. */
function fitted(arrangement: Arrangement, width: number, height: number): PictureSize {
  const fittingHeight = Math.min(height, (width - arrangement.offset) / arrangement.slope);
  return { width: arrangement.slope * fittingHeight + arrangement.offset, height: fittingHeight };
}

/** @returns false when gaps leave no room for the pictures */
function placeInto(
  boxes: PlacedBox[],
  arrangement: Arrangement,
  room: PlacedBox,
  choices: MosaicChoices,
  bounds: PictureSize,
): boolean {
  if (!(room.height >= 1 && room.width >= 1)) return false;
  if (arrangement.kind === "picture") {
    boxes[arrangement.picture] = pictureBox(choices.sizes[arrangement.picture]!, room, bounds);
    return true;
  }
  const { first, second } = arrangement;
  const { x, y, width, height } = room;
  if (arrangement.kind === "row") {
    const firstWidth = first.slope * height + first.offset;
    const at = firstWidth + choices.gap;
    return (
      placeInto(boxes, first, { x, y, width: firstWidth, height }, choices, bounds) &&
      placeInto(boxes, second, { x: x + at, y, width: width - at, height }, choices, bounds)
    );
  }
  const firstHeight = (width - first.offset) / first.slope;
  const at = firstHeight + choices.gap;
  return (
    placeInto(boxes, first, { x, y, width, height: firstHeight }, choices, bounds) &&
    placeInto(boxes, second, { x, y: y + at, width, height: height - at }, choices, bounds)
  );
}

/** The largest box of whole numbers for a picture in the middle of its room. */
function pictureBox(size: PictureSize, room: PlacedBox, bounds: PictureSize): PlacedBox {
  const aspect = shownAspect(size);
  const long = Math.max(size.width, size.height);
  const roomForLong =
    aspect >= 1 ? Math.min(room.width, room.height * aspect) : Math.min(room.height, room.width / aspect);
  const longSide = Math.max(1, Math.floor(enlarged(long, roomForLong) + 1e-6));
  const shortSide = Math.max(1, Math.round(aspect >= 1 ? longSide / aspect : longSide * aspect));
  const width = aspect >= 1 ? longSide : shortSide;
  const height = aspect >= 1 ? shortSide : longSide;
  return {
    x: Math.min(bounds.width - width, Math.max(0, Math.round(room.x + (room.width - width) / 2))),
    y: Math.min(bounds.height - height, Math.max(0, Math.round(room.y + (room.height - height) / 2))),
    width,
    height,
  };
}

/** The long side a picture is shown at, given the room for it. */
function enlarged(long: number, room: number): number {
  if (long > smallPictureSide) return Math.min(room, long * largestEnlargement);
  const factor = Math.min(largestSmallFactor, Math.floor((2 * room) / long));
  return factor >= 1 ? (long * factor) / 2 : room;
}
