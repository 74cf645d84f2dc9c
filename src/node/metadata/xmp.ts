import { parseDate } from "./dates.ts";

/** What a block of metadata says a picture is of. */
export interface DescribedTexts {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly keywords: readonly string[];
}

const MAX_PACKET = 2 ** 20;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads `dc:title`, `dc:description`, `dc:subject` and the date out of an XMP packet (ISO 16684-1), as elements or,
 * for simple values, as attributes. Not an XML parser: it looks for these names and takes the texts of their
 * `rdf:li` items, in the default language where several are given. Comments and CDATA are not known. Never throws.
 */
export function readXmp(packet: Uint8Array): DescribedTexts & { readonly taken?: number | undefined } {
  const xml = new TextDecoder().decode(packet.subarray(0, MAX_PACKET));
  const dates = ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"];
  return {
    title: firstText(xml, "dc:title") ?? firstText(xml, "photoshop:Headline"),
    description: firstText(xml, "dc:description"),
    keywords: itemsOf(elementOf(xml, "dc:subject") ?? "").map(({ text }) => text),
    taken: dates.map((name) => parseDate(firstText(xml, name) ?? "")).find((time) => !Number.isNaN(time)),
  };
}

function firstText(xml: string, name: string): string | undefined {
  const element = elementOf(xml, name);
  if (element === undefined) return attributeOf(xml, name);
  const items = itemsOf(element);
  const text = (items.find(({ isDefault }) => isDefault) ?? items[0])?.text ?? plainText(element);
  return text === "" ? undefined : text;
}

/** What is between the tags of the first element of a name. */
function elementOf(xml: string, name: string): string | undefined {
  for (let at = xml.indexOf(`<${name}`); at !== -1; at = xml.indexOf(`<${name}`, at + 1)) {
    const open = xml.indexOf(">", at);
    // Another element whose name merely begins so, or one without content.
    if (open === -1 || !/[\s>]/.test(xml[at + name.length + 1]!) || xml[open - 1] === "/") continue;
    const close = xml.indexOf(`</${name}>`, open);
    return close === -1 ? undefined : xml.slice(open + 1, close);
  }
  return undefined;
}

function attributeOf(xml: string, name: string): string | undefined {
  for (const quote of ['"', "'"]) {
    const start = xml.indexOf(` ${name}=${quote}`);
    if (start === -1) continue;
    const from = start + name.length + 3;
    const end = xml.indexOf(quote, from);
    const text = end === -1 ? "" : plainText(xml.slice(from, end));
    if (text !== "") return text;
  }
  return undefined;
}

function itemsOf(element: string): { text: string; isDefault: boolean }[] {
  return Array.from(element.matchAll(/<rdf:li\b([^<>]*)>([^<]*)<\/rdf:li>/g), ([, attributes, content]) => ({
    text: plainText(content!),
    isDefault: attributes!.includes("x-default"),
  })).filter(({ text }) => text !== "");
}

function plainText(xml: string): string {
  const text = xml.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (entity, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
      ? String.fromCodePoint(code)
      : "";
  });
  return text.trim();
}
