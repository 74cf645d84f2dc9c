// It parses XMP with @xmldom/xmldom where that is installed, so that is a dependency of ours.
import ExifReader, { type ExpandedTags, type IncludeTagsOptions } from "exifreader";

/** The blocks of metadata of a picture, as sharp finds them in any format. */
export interface MetadataBlocks {
  /** A TIFF structure, with or without `Exif\0\0` before it. */
  readonly exif?: Uint8Array | undefined;
  /** Photoshop's image resources, or the bare records of IPTC-IIM. */
  readonly iptc?: Uint8Array | undefined;
  /** A packet of XML. */
  readonly xmp?: Uint8Array | undefined;
}

/** Larger ones are forged or carry other things: parsing takes time that grows with what is in them. */
const MOST_BYTES: Readonly<Record<keyof MetadataBlocks, number>> = {
  exif: 32 * 2 ** 20,
  iptc: 65_000,
  xmp: 2 ** 18,
};

const EXIF_TAGS: IncludeTagsOptions = {
  exif: [
    "ImageDescription",
    "Make",
    "Model",
    "DateTime",
    "DateTimeOriginal",
    "OffsetTimeOriginal",
    "XPTitle",
    "XPKeywords",
    "GPSLatitude",
    "GPSLatitudeRef",
    "GPSLongitude",
    "GPSLongitudeRef",
  ],
  gps: true,
};

/** The tags of each block; nothing for a block that is too large or too damaged to be read. Never throws. */
export function embeddedTags({
  exif,
  iptc,
  xmp,
}: MetadataBlocks): Pick<ExpandedTags, "exif" | "gps" | "iptc" | "xmp"> {
  return {
    ...readBlock("exif", exif, withoutHeader, EXIF_TAGS),
    ...readBlock("iptc", iptc, asJpeg, { iptc: true }),
    ...readBlock("xmp", xmp, (packet) => packet, { xmp: true }),
  };
}

function readBlock(
  kind: keyof MetadataBlocks,
  block: Uint8Array | undefined,
  asFile: (block: Uint8Array) => Uint8Array,
  includeTags: IncludeTagsOptions,
): ExpandedTags {
  if (block === undefined || block.length > MOST_BYTES[kind]) return {};
  try {
    return ExifReader.load(Buffer.from(asFile(block)), { expanded: true, includeTags });
  } catch {
    return {};
  }
}

function withoutHeader(block: Uint8Array): Uint8Array {
  return startsWith(block, "Exif\0") ? block.subarray(6) : block;
}

/** Photoshop's resources are read in a JPEG file only: the smallest that holds them, in its segment 13. */
function asJpeg(block: Uint8Array): Uint8Array {
  const name = ascii("Photoshop 3.0\0");
  const resources = startsWith(block, "Photoshop 3.0\0") ? block.subarray(name.length) : block;
  const listed = startsWith(resources, "8BIM") ? resources : asResource(resources);
  const length = 2 + name.length + listed.length;
  const header = [0xff, 0xd8, 0xff, 0xed, length >> 8, length & 0xff, ...name];
  return Uint8Array.from([...header, ...listed, 0xff, 0xd9]);
}

/** Bare records as the resource that holds them. */
function asResource(records: Uint8Array): Uint8Array {
  const length = [records.length >> 24, records.length >> 16, records.length >> 8, records.length];
  return Uint8Array.from([
    ...ascii("8BIM"),
    4,
    4,
    0,
    0,
    ...length,
    ...records,
    ...(records.length % 2 === 0 ? [] : [0]),
  ]);
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function startsWith(block: Uint8Array, text: string): boolean {
  return ascii(text).every((byte, i) => block[i] === byte);
}
