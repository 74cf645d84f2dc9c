/** Characters that Windows, macOS or a terminal takes for something else, and those that turn text around. */
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Names that Windows gives to devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Bytes of a name that every file system takes, with room for a number. */
const MAX_BYTES = 200;

/**
 * A name for a file or folder on every system, made from any text: one part of a path, never empty, `.`, `..` or a
 * device, no separators or control characters, no dots or spaces at its ends, at most 200 bytes of UTF-8.
 * The extension survives shortening.
 */
export function safeName(text: string): string {
  const clean = trimmed(text.normalize("NFC").replace(UNSAFE, "_"));
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? "";
  const stem = clean.slice(0, clean.length - extension.length);
  const short = trimmed(shortened(stem, MAX_BYTES - extension.length)) + extension;
  if (short === "") return "_";
  return DEVICE.test(short) ? `_${short}` : short;
}

/** Gives names that differ, on file systems too that tell no case: `a.jpg`, then `a (2).jpg`. */
export class DistinctNames {
  private readonly taken = new Set<string>();
  private readonly last = new Map<string, number>();

  /** @param text any text, made safe */
  next(text: string): string {
    const name = safeName(text);
    const extension = /(?!^)\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "";
    const stem = name.slice(0, name.length - extension.length);
    const folded = foldedName(name);
    let number = this.last.get(folded) ?? 1;
    let candidate = name;
    while (this.taken.has(foldedName(candidate))) candidate = `${stem} (${++number})${extension}`;
    this.last.set(folded, number);
    this.taken.add(foldedName(candidate));
    return candidate;
  }
}

function foldedName(name: string): string {
  return name.normalize("NFD").toUpperCase().toLowerCase();
}

function trimmed(text: string): string {
  return text.replace(/^[\s.]+|[\s.]+$/g, "");
}

/** Cut between characters. */
function shortened(text: string, bytes: number): string {
  let length = 0;
  let kept = "";
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
