import { readFile } from "node:fs/promises";
import { CountVectorizer, PhraseVectorizer } from "../core/concepts/vectorizer.ts";
import type { ConceptModelOptions } from "../node/concept-model.ts";
import { readVocabularyFile } from "../node/vocabulary-file.ts";
import { wordnetNouns } from "../node/wordnet-nouns.ts";
import { type Arguments, type Command, UsageError } from "./command.ts";

export const VOCABULARY_OPTIONS: Command["options"] = {
  vocabulary: { type: "string" },
  "vocabulary-size": { type: "string" },
  "vocabulary-column": { type: "string" },
  "negative-words": { type: "string" },
};

export const VOCABULARY_OPTIONS_HELP = `      --vocabulary V    wordnet (default without --docs): the commonest nouns of English; none; or a file of
                        words, phrases or sentences, kept whole: one a line, or a .csv, .tsv, .jsonl, .parquet
      --vocabulary-size N   how many nouns of WordNet (default 10000)
      --vocabulary-column NAME   the column of words in that table (default word, name, label ...)
      --negative-words LIST   words that never name a concept, with commas between`;

/** What the words of a fit are made with. */
export function wordOptions(args: Arguments): Pick<ConceptModelOptions, "vectorizer" | "negativeWords"> {
  return {
    // Phrases of a file stay whole.
    vectorizer: isVocabularyFile(args) ? new PhraseVectorizer() : undefined,
    negativeWords: args.text("negative-words")?.split(","),
  };
}

/** @returns undefined for the default of the library */
export async function readDocs(args: Arguments, withoutModel: boolean): Promise<string[] | undefined> {
  const file = args.text("docs");
  const count = args.integer("vocabulary-size", { min: 1 });
  const vocabulary = args.text("vocabulary") ?? (file === undefined ? "wordnet" : "none");
  const column = args.text("vocabulary-column");
  const docs = file === undefined ? [] : await lines(file);
  if (isVocabularyFile(args)) {
    if (args.text("doc-embeddings") !== undefined || withoutModel) {
      throw new UsageError("A file of words needs the --model that embeds them; vectors go with --docs");
    }
    return [...new CountVectorizer().vocabulary(docs), ...(await readVocabularyFile(vocabulary, { column }))];
  }
  if (column !== undefined) throw new UsageError("--vocabulary-column goes with a table as --vocabulary");
  if (vocabulary === "none") return docs;
  if (withoutModel) return file === undefined ? undefined : docs;
  return [...docs, ...(await wordnetNouns({ count }))];
}

function isVocabularyFile(args: Arguments): boolean {
  return !["wordnet", "none", undefined].includes(args.text("vocabulary"));
}

async function lines(file: string): Promise<string[]> {
  // Blank lines count, since lines pair with rows of vectors; the last line break ends a line.
  return (await readFile(file, "utf8")).replace(/\r?\n$/, "").split(/\r?\n/);
}
