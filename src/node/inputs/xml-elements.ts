export interface XmlElement {
  /** What is between its tags, as it stands there. */
  readonly xml: string;
  /** The same as text. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The elements of a name in the plain XML that servers of the S3 protocol answer with: without comments, CDATA and elements
 * within others of their name. Not an XML parser.
 */
export function xmlElements(xml: string, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const close = `</${name}>`;
  for (let at = xml.indexOf(`<${name}>`); at !== -1; at = xml.indexOf(`<${name}>`, at)) {
    const start = at + name.length + 2;
    const end = xml.indexOf(close, start);
    if (end === -1) break;
    const content = xml.slice(start, end);
    found.push({ xml: content, text: plainText(content) });
    at = end + close.length;
  }
  return found;
}

function plainText(xml: string): string {
  return xml.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, (entity, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
