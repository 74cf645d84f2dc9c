import type { ScoredWord } from "../model.ts";

/** A longer name would be a list. */
const MOST_WORDS = 3;

/** Between what words of shuffled concepts reach and what those of true ones do (docs/words.md has figures). */
const LEAST_AUC = 0.7;

/**
 * A name for each concept: its best word, and where several concepts share that, as many of their next
 * words as tell them apart, at most three in all ("dog, puppy"); with the id where those do not suffice, and
 * `Concept ID` where there are no words. Names that do not prove themselves begin with "unclear: ".
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

/** Why the best word is no name for the concept: null where it is, or where that was not measured. */
export function labelFault(words: readonly ScoredWord[]): string | null {
  const best = words[0];
  if (best?.auc === undefined || best.auc >= LEAST_AUC) return null;
  return `"${best.word}" is closer to a picture of the concept than to another one in ${Math.round(100 * best.auc)} % of cases only`;
}

/** The first words as a name; empty where there are none. */
export function nameOf(words: readonly ScoredWord[], length: number): string {
  const name = words
    .slice(0, length)
    .map(({ word }) => word)
    .join(", ");
  return name !== "" && labelFault(words) !== null ? `unclear: ${name}` : name;
}

function countUses(names: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

function fallbackName(words: readonly ScoredWord[], concept: number): string {
  return words.length === 0 ? `Concept ${concept}` : `${nameOf(words, 1)} (${concept})`;
}
