import { decodeText } from "../decode-text.ts";
import type { InputMetadata } from "./input.ts";

/** Endings of files that say something of the picture of their name. */
const TEXTS = ["txt", "caption", "json", "cls"] as const;
type TextEnding = (typeof TEXTS)[number];

/**
 * What lies beside pictures in an archive, as in shards of the webdataset format: `KEY.txt` or `KEY.caption` has captions, one
 * a line, `KEY.json` an object with columns, `KEY.cls` a class. KEY is the name up to the first dot after its last folder.
 */
export class ShardTexts {
  private readonly byKey = new Map<string, Map<TextEnding, string>>();

  /** Whether a file of this name says something of a picture. */
  static isText(name: string): boolean {
    return endingOf(name) !== undefined;
  }

  add(name: string, content: Uint8Array): void {
    const ending = endingOf(name);
    if (ending === undefined) return;
    const key = keyOf(name);
    const texts = this.byKey.get(key) ?? new Map<TextEnding, string>();
    texts.set(ending, decodeText(content).replace(/^\uFEFF/, ""));
    this.byKey.set(key, texts);
  }

  /** What is said of the picture of this name; undefined for nothing. */
  of(name: string): InputMetadata | undefined {
    const texts = this.byKey.get(keyOf(name));
    if (texts === undefined) return undefined;
    const captions = ["txt", "caption"].flatMap((ending) => {
      return (texts.get(ending as TextEnding) ?? "").split(/\r?\n|\r/).filter((line) => line.trim() !== "");
    });
    const cells = jsonCells(texts.get("json"));
    const label = texts.get("cls")?.trim();
    return { captions, cells: label === undefined ? cells : { class: label, ...cells } };
  }
}

function endingOf(name: string): TextEnding | undefined {
  return TEXTS.find((ending) => name.toLowerCase().endsWith(`.${ending}`));
}

function keyOf(name: string): string {
  const start = name.lastIndexOf("/") + 1;
  const dot = name.indexOf(".", start);
  return dot === -1 ? name : name.slice(0, dot);
}

/** What is no JSON object says nothing. */
function jsonCells(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = text === undefined ? null : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told by the columns that are not there.
  }
  return {};
}
