const APP1 = 0xe1;
const APP13 = 0xed;
const START_OF_SCAN = 0xda;

/**
 * The part of a picture file that can say something of it: of a JPEG what lies before its pixels, or null where there is no block
 * for EXIF, XMP or IPTC; any other file as a whole.
 */
export function partWithMetadata(picture: Uint8Array): Uint8Array | null {
  if (picture[0] !== 0xff || picture[1] !== 0xd8) return picture;
  let hasBlocks = false;
  for (let at = 2; at + 4 <= picture.length && picture[at] === 0xff; ) {
    const marker = picture[at + 1]!;
    const end = at + 2 + picture[at + 2]! * 256 + picture[at + 3]!;
    if (marker === START_OF_SCAN) return hasBlocks ? picture.subarray(0, end) : null;
    hasBlocks ||= marker === APP1 || marker === APP13;
    at = end;
  }
  return picture;
}
