import type { ExpandedTags } from "exifreader";
import sharp, { type Metadata } from "sharp";
import { rawPreview } from "../images/raw-preview.ts";
import { parseDate } from "./dates.ts";
import { embeddedTags } from "./embedded-tags.ts";

/** What a picture file says of itself; absent where it says nothing. */
export interface PictureMetadata {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly keywords: readonly string[];
  /** When it was taken, in milliseconds since 1970-01-01 UTC; local time is taken as UTC where no zone is given. */
  readonly taken?: number | undefined;
  readonly camera?: string | undefined;
  /** Degrees, north and east positive. */
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

/** What a picture says that says nothing. */
export const NO_METADATA: PictureMetadata = { keywords: [] };

const LONGEST_TEXT = 65_536;
const MOST_KEYWORDS = 1000;

/** Cameras write their name where people should write a caption. */
const CAMERA_PHRASE =
  /^(olympus digital camera|konica minolta digital camera|digital camera|sony dsc|kodak.*digital.*camera|samsung|untitled|default|ascii|(dcim|img|dsc|dscn|dscf|pxl|p)[\\/_-]?\d.*)$/i;

/**
 * Reads title, description, keywords, date, camera and place out of an encoded picture: XMP first, then IPTC, then
 * EXIF, as the Metadata Working Group asks of readers; keywords of all of them. Needs the header of the file only.
 * Of HEIC and RAW files the EXIF is read: their own, else that of the preview. A file that cannot be read says nothing.
 *
 * @param picture a whole file, or a JPEG up to its pixels
 */
export async function readPictureMetadata(picture: Uint8Array): Promise<PictureMetadata> {
  const inHeader = await headerMetadata(picture);
  if (inHeader !== null) return inHeader;
  const own = metadataOf(embeddedTags({ exif: picture }));
  if (saysSomething(own)) return own;
  const preview = rawPreview(picture);
  return (preview === null ? null : await headerMetadata(preview)) ?? NO_METADATA;
}

/** Null for what sharp does not open. */
async function headerMetadata(picture: Uint8Array): Promise<PictureMetadata | null> {
  const blocks = await headerBlocks(picture).catch(() => null);
  if (blocks === null) return null;
  // A TIFF file is itself what other formats carry as an EXIF block, and so are many RAW files.
  const exif = blocks.exif ?? (blocks.format === "tiff" ? picture : undefined);
  return metadataOf(embeddedTags({ exif, iptc: blocks.iptc, xmp: blocks.xmp }));
}

/** Whether there is anything in it. */
export function saysSomething({ keywords, ...rest }: PictureMetadata): boolean {
  return keywords.length > 0 || Object.values(rest).some((value) => value !== undefined);
}

function metadataOf(tags: Tags): PictureMetadata {
  return withoutBlanks({
    title: said(
      xmpTexts(tags, "title")[0],
      xmpTexts(tags, "Headline")[0],
      iptcTexts(tags, "Object Name")[0],
      exifText(tags, "XPTitle"),
    ),
    description: said(
      xmpTexts(tags, "description")[0],
      iptcTexts(tags, "Caption/Abstract")[0],
      exifText(tags, "ImageDescription"),
    ),
    keywords: keywordsOf(tags),
    taken: takenTime(tags),
    camera: cameraName(exifText(tags, "Make"), exifText(tags, "Model")),
    latitude: degrees(tags.gps?.Latitude, 90),
    longitude: degrees(tags.gps?.Longitude, 180),
  });
}

/** Rejects for what is no picture; sharp throws for an empty file before it gives a promise. */
async function headerBlocks(picture: Uint8Array): Promise<Metadata> {
  return sharp(picture, { limitInputPixels: false }).metadata();
}

type Tags = Pick<ExpandedTags, "exif" | "gps" | "iptc" | "xmp">;

/** A tag as the library gives it; unknown parts of files may be of any shape. */
interface LooseTag {
  readonly value?: unknown;
  readonly description?: unknown;
  readonly attributes?: { readonly lang?: unknown };
}
type LooseTags = Readonly<Record<string, LooseTag | undefined>>;

function exifText({ exif }: Tags, name: string): string {
  return plainText((exif as LooseTags | undefined)?.[name]?.description);
}

/** The texts of an XMP property; of a text in several languages that of the default one comes first. */
function xmpTexts({ xmp }: Tags, name: string): string[] {
  const tag = (xmp as LooseTags | undefined)?.[name];
  if (!Array.isArray(tag?.value)) return [plainText(tag?.value)];
  const items = (tag.value as readonly LooseTag[]).slice(0, MOST_KEYWORDS);
  const first = items.findIndex(({ attributes }) => attributes?.lang === "x-default");
  return [...items.slice(Math.max(0, first), first + 1), ...items].map(({ value }) => plainText(value));
}

function iptcTexts({ iptc }: Tags, name: string): string[] {
  const tag = (iptc as LooseTags | undefined)?.[name];
  const tags: readonly (LooseTag | undefined)[] = Array.isArray(tag) ? tag : [tag];
  return tags.slice(0, MOST_KEYWORDS).map((one) => plainText(one?.description));
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT).split("\0", 1)[0]!.trim() : "";
}

function said(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== "" && !CAMERA_PHRASE.test(text));
}

function keywordsOf(tags: Tags): string[] {
  const windows = exifText(tags, "XPKeywords").split(";");
  const all = [
    ...xmpTexts(tags, "subject"),
    ...iptcTexts(tags, "Keywords"),
    ...windows.map((word) => word.trim()),
  ];
  return [...new Set(all)].filter((word) => word !== "").slice(0, MOST_KEYWORDS);
}

function takenTime(tags: Tags): number | undefined {
  const taken = exifText(tags, "DateTimeOriginal");
  const written = [
    `${taken}${exifText(tags, "OffsetTimeOriginal")}`,
    taken,
    exifText(tags, "DateTime"),
    ...["DateTimeOriginal", "DateCreated", "CreateDate"].flatMap((name) => xmpTexts(tags, name)),
  ];
  return written.map(parseDate).find((time) => !Number.isNaN(time));
}

/** Makers often stand in the model's name already. */
function cameraName(maker: string, model: string): string {
  return model.toLowerCase().startsWith(maker.toLowerCase()) ? model : `${maker} ${model}`.trim();
}

function degrees(value: unknown, most: number): number | undefined {
  return typeof value === "number" && Math.abs(value) <= most ? value : undefined;
}

function withoutBlanks({ keywords, ...rest }: PictureMetadata): PictureMetadata {
  const kept = Object.entries(rest).filter(([, value]) => value !== undefined && value !== "");
  return { ...Object.fromEntries(kept), keywords };
}
