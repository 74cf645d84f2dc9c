import type { ReportConcept, ReportWords } from "../core/report/report-data.ts";
import { uint32 } from "./decode.ts";

export interface Found {
  /** Places of concepts, best first. */
  readonly concepts: readonly number[];
  /** Rows, best first. */
  readonly rows: readonly number[];
  /** What is to be told. */
  readonly message: string;
}

/** Answers what was searched before, and finds concepts by their names. */
export class WordSearch {
  private readonly words: ReportWords | null;
  private readonly concepts: readonly ReportConcept[];
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly places: Map<string, number> = new Map();

  constructor(words: ReportWords | null, concepts: readonly ReportConcept[]) {
    this.words = words;
    this.concepts = concepts;
    this.starts = uint32(words?.starts ?? "");
    this.rows = uint32(words?.rows ?? "");
    words?.words.forEach((word, place) => {
      this.places.set(word.toLowerCase(), place);
    });
  }

  /** Words that begin like this, at most eight. */
  suggestions(text: string): string[] {
    const start = text.trim().toLowerCase();
    if (start === "") return [];
    return (this.words?.words ?? []).filter((word) => word.toLowerCase().startsWith(start)).slice(0, 8);
  }

  find(text: string): Found {
    const asked = text.trim().toLowerCase();
    const named = [...this.concepts.keys()].filter((place) =>
      this.concepts[place]!.name.toLowerCase().includes(asked),
    );
    const place = this.places.get(asked);
    if (place === undefined) return { concepts: named, rows: [], message: this.unknown(text, named.length) };
    const rows = Array.from(this.rows.subarray(this.starts[place]!, this.starts[place + 1]!));
    const concepts = [...new Set([...this.words!.concepts[place]!, ...named])];
    const message =
      rows.length === 0
        ? "Nothing matches."
        : `${counted(concepts.length, "concept")}, the ${rows.length} best pictures`;
    return { concepts: rows.length === 0 ? named : concepts, rows, message };
  }

  private unknown(text: string, named: number): string {
    const known = this.words?.words.length ?? 0;
    if (named > 0) return `${counted(named, "concept")} called so`;
    if (known === 0) return `No concept is called “${text.trim()}”.`;
    return `“${text.trim()}” is not among the ${known.toLocaleString("en")} words that this report can search.`;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
