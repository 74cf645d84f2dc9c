import { parseDate } from "./dates.ts";

/** What EXIF says of a picture; absent where it says nothing. */
export interface ExifData {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly keywords?: readonly string[] | undefined;
  /** When it was taken, in milliseconds since 1970-01-01 UTC; local time is taken as UTC where no zone is given. */
  readonly taken?: number | undefined;
  readonly camera?: string | undefined;
  /** Degrees, north and east positive. */
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

const TAGS = {
  description: 0x010e,
  make: 0x010f,
  model: 0x0110,
  changed: 0x0132,
  exifFolder: 0x8769,
  gpsFolder: 0x8825,
  taken: 0x9003,
  takenZone: 0x9011,
  windowsTitle: 0x9c9b,
  windowsKeywords: 0x9c9e,
} as const;
const GPS = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4 } as const;

/** A folder of tags holds some dozens; a forged one is not followed further. */
const MAX_ENTRIES = 512;
const MAX_TEXT = 65_536;
const TYPE_BYTES: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/**
 * Reads the few tags of an EXIF block (Exif 2.32: a TIFF structure, with or without `Exif\0\0` before it) that
 * tell what a picture is of, when, where and with what it was taken. Whatever is damaged is left out; never throws.
 */
export function readExif(block: Uint8Array): ExifData {
  const start = block[0] === 0x45 && block[4] === 0 ? 6 : 0;
  const bytes = block.subarray(start);
  if (bytes.length < 8) return {};
  const little = bytes[0] === 0x49 && bytes[1] === 0x49;
  if (!little && !(bytes[0] === 0x4d && bytes[1] === 0x4d)) return {};
  const tiff: Tiff = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes, little };
  const main = readFolder(tiff, tiff.view.getUint32(4, little));
  const exif = readFolder(tiff, firstNumber(main.get(TAGS.exifFolder)));
  const gps = readFolder(tiff, firstNumber(main.get(TAGS.gpsFolder)));
  return withoutBlanks({
    title: wideText(main.get(TAGS.windowsTitle)),
    description: text(main.get(TAGS.description)),
    keywords: wideText(main.get(TAGS.windowsKeywords))
      ?.split(";")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
    taken: takenTime(main, exif),
    camera: cameraName(text(main.get(TAGS.make)), text(main.get(TAGS.model))),
    latitude: degrees(gps.get(GPS.latitude), text(gps.get(GPS.latitudeRef)), "S", 90),
    longitude: degrees(gps.get(GPS.longitude), text(gps.get(GPS.longitudeRef)), "W", 180),
  });
}

interface Tiff {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly little: boolean;
}

interface Tag {
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly little: boolean;
}

function readFolder({ view, bytes, little }: Tiff, offset: number | undefined): Map<number, Tag> {
  const tags = new Map<number, Tag>();
  if (offset === undefined || offset < 8 || offset + 2 > bytes.length) return tags;
  const entries = Math.min(view.getUint16(offset, little), MAX_ENTRIES);
  for (let i = 0; i < entries; i++) {
    const entry = offset + 2 + 12 * i;
    if (entry + 12 > bytes.length) break;
    const type = view.getUint16(entry + 2, little);
    const count = view.getUint32(entry + 4, little);
    const size = (TYPE_BYTES[type] ?? 0) * count;
    const at = size <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
    if (size === 0 || at + size > bytes.length) continue;
    tags.set(view.getUint16(entry, little), { type, count, bytes: bytes.subarray(at, at + size), little });
  }
  return tags;
}

function firstNumber(tag: Tag | undefined): number | undefined {
  if (tag === undefined) return undefined;
  const view = new DataView(tag.bytes.buffer, tag.bytes.byteOffset, tag.bytes.length);
  if (tag.type === 3) return view.getUint16(0, tag.little);
  return tag.type === 4 ? view.getUint32(0, tag.little) : undefined;
}

/** ASCII by the standard, UTF-8 or Latin-1 in practice; ends at the first NUL. */
function text(tag: Tag | undefined): string | undefined {
  if (tag === undefined || tag.type !== 2) return undefined;
  const bytes = tag.bytes.subarray(0, MAX_TEXT);
  const end = bytes.indexOf(0);
  return decodeText(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Windows' own tags: UTF-16LE in bytes, whatever the order of the rest. */
function wideText(tag: Tag | undefined): string | undefined {
  if (tag === undefined || tag.type !== 1) return undefined;
  return new TextDecoder("utf-16le").decode(tag.bytes.subarray(0, MAX_TEXT)).split("\0", 1)[0];
}

/** Text of unknown encoding: UTF-8 where it is that, else Latin-1. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

function takenTime(main: ReadonlyMap<number, Tag>, exif: ReadonlyMap<number, Tag>): number | undefined {
  const taken = text(exif.get(TAGS.taken));
  const zone = text(exif.get(TAGS.takenZone))?.trim() ?? "";
  const times = [
    parseDate(`${taken ?? ""}${zone}`),
    parseDate(taken ?? ""),
    parseDate(text(main.get(TAGS.changed)) ?? ""),
  ];
  return times.find((time) => !Number.isNaN(time));
}

/** Makers often stand in the model's name already. */
function cameraName(make: string | undefined, model: string | undefined): string | undefined {
  const maker = make?.trim() ?? "";
  const name = model?.trim() ?? "";
  return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`.trim();
}

function degrees(
  tag: Tag | undefined,
  reference: string | undefined,
  negative: string,
  most: number,
): number | undefined {
  if (tag === undefined || tag.type !== 5 || tag.count !== 3) return undefined;
  const view = new DataView(tag.bytes.buffer, tag.bytes.byteOffset, tag.bytes.length);
  const parts = [0, 8, 16].map((at) => view.getUint32(at, tag.little) / view.getUint32(at + 4, tag.little));
  const value = parts[0]! + parts[1]! / 60 + parts[2]! / 3600;
  if (!(value <= most)) return undefined;
  return reference?.trim().toUpperCase() === negative ? -value : value;
}

function withoutBlanks(data: ExifData): ExifData {
  const entries = Object.entries(data).filter(([, value]) => {
    if (value === undefined) return false;
    return typeof value === "number" || value.length > 0;
  });
  const trimmed = entries.map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ""));
}
