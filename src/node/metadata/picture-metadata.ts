import sharp from "sharp";
import { type ExifData, readExif } from "./exif.ts";
import { readIptc } from "./iptc.ts";
import { readXmp } from "./xmp.ts";

/** What a picture file says of itself: the tags of EXIF, texts also from XMP and IPTC. */
export interface PictureMetadata extends ExifData {
  readonly keywords: readonly string[];
}

const NOTHING: PictureMetadata = { keywords: [] };

/** Cameras write their name where people should write a caption. */
const CAMERA_PHRASE =
  /^(olympus digital camera|konica minolta digital camera|digital camera|sony dsc|kodak.*digital.*camera|samsung|untitled|default|ascii|(dcim|img|dsc|dscn|dscf|pxl|p)[\\/_-]?\d.*)$/i;

/**
 * Reads title, description, keywords, date, camera and place out of an encoded picture: XMP first, then IPTC, then
 * EXIF, as the Metadata Working Group asks of readers; keywords of all of them. Needs the header of the file only.
 * A file that cannot be read says nothing.
 *
 * @param picture a whole file as sharp reads it (JPEG, PNG, WebP, TIFF, AVIF ...)
 */
export async function readPictureMetadata(picture: Uint8Array): Promise<PictureMetadata> {
  const blocks = await sharp(picture, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  if (blocks === null) return NOTHING;
  // A TIFF file is itself what other formats carry as an EXIF block.
  const exif = readExif(blocks.exif ?? (blocks.format === "tiff" ? picture : new Uint8Array(0)));
  const iptc = blocks.iptc === undefined ? NOTHING : readIptc(blocks.iptc);
  const xmp = blocks.xmp === undefined ? NOTHING : readXmp(blocks.xmp);
  const keywords = [...xmp.keywords, ...iptc.keywords, ...(exif.keywords ?? [])];
  return {
    ...exif,
    title: [xmp.title, iptc.title, exif.title].find(isSaid),
    description: [xmp.description, iptc.description, exif.description].find(isSaid),
    keywords: [...new Set(keywords)],
    taken: exif.taken ?? xmp.taken,
  };
}

function isSaid(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "" && !CAMERA_PHRASE.test(text.trim());
}
