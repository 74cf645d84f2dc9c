import { InputError } from "../errors.ts";
import { textWords } from "./text-words.ts";

/** Finds the words that documents offer as names for concepts. */
export interface Vectorizer {
  /** @returns distinct words in a fixed order */
  vocabulary(documents: readonly string[]): string[];
}

export interface CountVectorizerOptions {
  /** Shortest and longest run of tokens that counts as one word; default `[1, 1]`. */
  readonly ngramRange?: readonly [number, number];
  /** Tokens to leave out; compared in lower case. Default none. */
  readonly stopWords?: readonly string[];
  /** A word must occur in at least this many documents; default 1. */
  readonly minDocuments?: number;
  /** Keep only the words found in most documents; default all. */
  readonly maxWords?: number;
}

/**
 * Splits documents into lower-case words (scikit-learn's CountVectorizer; deviation: `textWords` takes letters of any script,
 * and apostrophes and hyphens inside a word).
 */
export class CountVectorizer implements Vectorizer {
  private readonly shortest: number;
  private readonly longest: number;
  private readonly stopWords: ReadonlySet<string>;
  private readonly minDocuments: number;
  private readonly maxWords: number;

  /** @throws InputError when the n-gram range is not `1 <= shortest <= longest` */
  constructor(options: CountVectorizerOptions = {}) {
    const [shortest, longest] = options.ngramRange ?? [1, 1];
    if (!(shortest >= 1 && longest >= shortest)) {
      throw new InputError("The n-gram range is not valid", {
        expected: "[shortest, longest] with 1 <= shortest <= longest",
        found: `[${shortest}, ${longest}]`,
      });
    }
    this.shortest = shortest;
    this.longest = longest;
    this.stopWords = new Set((options.stopWords ?? []).map((word) => word.toLowerCase()));
    this.minDocuments = options.minDocuments ?? 1;
    this.maxWords = options.maxWords ?? Infinity;
  }

  /** @returns distinct words, those in more documents first, then in order of first appearance */
  vocabulary(documents: readonly string[]): string[] {
    const documentCounts = new Map<string, number>();
    for (const document of documents) {
      for (const word of new Set(this.words(document))) {
        documentCounts.set(word, (documentCounts.get(word) ?? 0) + 1);
      }
    }
    return [...documentCounts]
      .filter(([, count]) => count >= this.minDocuments)
      .sort((a, b) => b[1] - a[1])
      .slice(0, this.maxWords)
      .map(([word]) => word);
  }

  private words(document: string): string[] {
    const tokens = textWords(document).filter((token) => !this.stopWords.has(token));
    const words: string[] = [];
    for (let length = this.shortest; length <= this.longest; length++) {
      for (let start = 0; start + length <= tokens.length; start++) {
        words.push(tokens.slice(start, start + length).join(" "));
      }
    }
    return words;
  }
}

/** Takes every document whole, as one word or phrase; blank and repeated ones are left out. */
export class PhraseVectorizer implements Vectorizer {
  vocabulary(documents: readonly string[]): string[] {
    return [...new Set(documents.map((document) => document.trim()))].filter((phrase) => phrase !== "");
  }
}
