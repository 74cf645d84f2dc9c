import type { ScoredWord } from "../model.ts";

/** A longer name would be a list. */
const MOST_WORDS = 3;

/**
 * A name for each concept: its best word, and where several concepts share that, as many of their next
 * words as tell them apart, at most three in all ("dog, puppy"); with the id where those do not suffice, and
 * `Concept ID` where there are no words.
 */
export function conceptNames(words: readonly (readonly ScoredWord[])[]): string[] {
  const names = words.map(() => "");
  for (let length = 1; length <= MOST_WORDS; length++) {
    const proposals = words.map((list) => nameOf(list, length));
    const uses = countUses(proposals);
    proposals.forEach((proposal, concept) => {
      if (names[concept] === "" && proposal !== "" && uses.get(proposal) === 1) names[concept] = proposal;
    });
  }
  return names.map((name, concept) => name || fallbackName(words[concept]!, concept));
}

function nameOf(words: readonly ScoredWord[], length: number): string {
  return words
    .slice(0, length)
    .map(({ word }) => word)
    .join(", ");
}

function countUses(names: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

function fallbackName(words: readonly ScoredWord[], concept: number): string {
  return words.length === 0 ? `Concept ${concept}` : `${words[0]!.word} (${concept})`;
}
