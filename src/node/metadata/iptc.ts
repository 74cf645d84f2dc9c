import { decodeText } from "./exif.ts";
import type { DescribedTexts } from "./xmp.ts";

/** Marks a data set of IPTC's information interchange model. */
const MARKER = 0x1c;
const [TITLE, KEYWORD, CAPTION] = [5, 25, 120];

/**
 * Reads object name, caption and keywords out of IPTC-IIM 4.2 (record 2), bare or in Photoshop's image resources
 * (`8BIM`, resource 0x0404). Whatever is damaged ends the reading; never throws.
 */
export function readIptc(block: Uint8Array): DescribedTexts {
  const bytes = photoshopResource(block) ?? block;
  let title: string | undefined;
  let description: string | undefined;
  const keywords: string[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === MARKER; ) {
    const size = (bytes[at + 3]! << 8) | bytes[at + 4]!;
    // The top bit announces a longer length, which texts never need.
    if (size > 0x7fff || at + 5 + size > bytes.length) break;
    const value = decodeText(bytes.subarray(at + 5, at + 5 + size))
      .replaceAll("\0", "")
      .trim();
    if (bytes[at + 1] === 2 && value !== "") {
      if (bytes[at + 2] === TITLE) title ??= value;
      if (bytes[at + 2] === CAPTION) description ??= value;
      if (bytes[at + 2] === KEYWORD) keywords.push(value);
    }
    at += 5 + size;
  }
  return { title, description, keywords };
}

/** The resource with the IPTC data; null for a block that is no list of resources. */
function photoshopResource(block: Uint8Array): Uint8Array | null {
  const name = "Photoshop 3.0\0";
  let at = new TextDecoder("latin1").decode(block.subarray(0, name.length)) === name ? name.length : 0;
  while (at + 12 <= block.length && isResource(block, at)) {
    const view = new DataView(block.buffer, block.byteOffset + at);
    const id = view.getUint16(4);
    // A Pascal string, padded to an even length with its length byte.
    const nameBytes = (view.getUint8(6) + 2) & ~1;
    const start = 6 + nameBytes + 4;
    if (at + start > block.length) return null;
    const size = view.getUint32(start - 4);
    if (at + start + size > block.length) return null;
    if (id === 0x0404) return block.subarray(at + start, at + start + size);
    at += start + size + (size % 2);
  }
  return null;
}

function isResource(block: Uint8Array, at: number): boolean {
  return [0x38, 0x42, 0x49, 0x4d].every((byte, i) => block[at + i] === byte);
}
