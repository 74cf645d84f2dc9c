import { readFile } from "node:fs/promises";
import { CountVectorizer, PhraseVectorizer } from "../core/concepts/vectorizer.ts";
import { WORD_LANGUAGES } from "../core/model.ts";
import type { ConceptModelOptions } from "../node/concept-model.ts";
import { readVocabularyFile } from "../node/vocabulary-file.ts";
import { wordnetNouns } from "../node/wordnet-nouns.ts";
import { type Arguments, type Command, UsageError } from "./command.ts";

export const VOCABULARY_OPTIONS: Command["options"] = {
  vocabulary: { type: "string" },
  "vocabulary-size": { type: "string" },
  "vocabulary-column": { type: "string" },
  "negative-words": { type: "string" },
  "stop-words": { type: "string" },
  "word-language": { type: "string" },
};

export const VOCABULARY_OPTIONS_HELP = `      --vocabulary V    wordnet (default without --docs): the commonest nouns of English; none; or a file of
                        words, phrases or sentences, kept whole: one a line, or a .csv, .tsv, .jsonl, .parquet
      --vocabulary-size N   how many nouns of WordNet (default 10000)
      --vocabulary-column NAME   the column of words in that table (default word, name, label ...)
      --negative-words LIST   words that never name a concept, with commas between
      --stop-words FILE   words that are skipped in --docs and leave the vocabulary: a file as for --vocabulary
      --word-language L   en (default): forms of an English word (geese, goose) count as one; none: only
                        upper and lower case do`;

/** What the words of a fit are made with. */
export async function wordOptions(
  args: Arguments,
): Promise<Pick<ConceptModelOptions, "vectorizer" | "negativeWords" | "stopWords" | "wordLanguage">> {
  return {
    // Phrases of a file stay whole.
    vectorizer: isVocabularyFile(args) ? new PhraseVectorizer() : undefined,
    negativeWords: args.text("negative-words")?.split(","),
    stopWords: await stopWords(args),
    wordLanguage: args.choice("word-language", WORD_LANGUAGES),
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
    const counted = new CountVectorizer({ stopWords: (await stopWords(args)) ?? [] }).vocabulary(docs);
    return [...counted, ...(await readVocabularyFile(vocabulary, { column }))];
  }
  if (column !== undefined) throw new UsageError("--vocabulary-column goes with a table as --vocabulary");
  if (vocabulary === "none") return docs;
  if (withoutModel) return file === undefined ? undefined : docs;
  return [...docs, ...(await wordnetNouns({ count }))];
}

async function stopWords(args: Arguments): Promise<string[] | undefined> {
  const file = args.text("stop-words");
  return file === undefined ? undefined : readVocabularyFile(file);
}

function isVocabularyFile(args: Arguments): boolean {
  return !["wordnet", "none", undefined].includes(args.text("vocabulary"));
}

async function lines(file: string): Promise<string[]> {
  // Blank lines count, since lines pair with rows of vectors; the last line break ends a line.
  return (await readFile(file, "utf8")).replace(/\r?\n$/, "").split(/\r?\n/);
}
