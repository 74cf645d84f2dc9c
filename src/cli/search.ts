import { InputError } from "../core/errors.ts";
import { checkedQuery, parseImageTerm, parseQuery } from "../core/search/parse-query.ts";
import type { SearchQuery } from "../core/search/query.ts";
import type { SearchableModel, SearchResult } from "../core/search/search.ts";
import { SavedSearch } from "../node/saved-search.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { imagePath } from "./image-path.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export const searchCommand: Command = {
  help: `concept search MODEL QUERY...         the concepts and pictures closest to words
concept search MODEL --image FILE     the concepts and pictures closest to a picture

A query is a text, or terms with signs and weights: "+sunset -people 2:boat". Words that follow each other are
one term; quotes hold a term together ("red car"), \\ takes the meaning from a sign or quote.

      --image FILE      also look like this picture: a file, or the path or id of one in the model;
                        again for more, with a sign or weight in front: 0.5:boat.jpg, or
                        --image=-people.jpg for pictures unlike it
      --concept ID|NAME only pictures of this concept; none for those in no concept
      --where FILTER    only pictures for which this holds: 'year>=2020 and (place = "Rome" or path ~ rome)'
  -t, --top N           how many of each (default 10)
      --min-relevance R without a picture of this relevance nothing matches, 0 to 1 (default 0.5); 0 for
                        the nearest whatever they are
  -m, --model NAME      for models made from vectors: the embedding model that made them
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept search photos.concept beach
  concept search photos.concept "two dogs in the snow" --top 3 --json
  concept search photos.concept "+sunset -people 2:boat" --where 'taken>=2023'
  concept search photos.concept --image holiday.jpg --image 0.5:beach.jpg`,
  options: {
    ...MODEL_OPTIONS,
    top: { type: "string", short: "t" },
    image: { type: "string", multiple: true },
    concept: { type: "string" },
    where: { type: "string" },
    "min-relevance": { type: "string" },
  },
  positionals: [1, Infinity],
  run: search,
};

async function search(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const [folder, ...words] = args.positionals;
  const query = readQuery(words.join(" "), args.texts("image"));
  const topN = args.integer("top", { min: 1 }) ?? 10;
  const minRelevance = args.number("min-relevance", { min: 0, max: 1 });
  const model = await SavedSearch.open(folder!, { ...modelOptions(args), signal });
  try {
    const within = args.text("concept");
    const result = await model.search(query, {
      topN,
      minRelevance,
      where: args.text("where"),
      concept: within === undefined ? undefined : conceptId(model, within),
      signal,
    });
    if (terminal.json) terminal.printJson(resultJson(model, result));
    else printResult(model, result, terminal);
  } finally {
    await model.close();
  }
  return EXIT.done;
}

type SearchedModel = Pick<SearchableModel, "images" | "concepts">;

/** @throws UsageError when there is nothing to search for, or it cannot be read */
function readQuery(text: string, images: readonly string[]): SearchQuery {
  if (text.trim() === "" && images.length === 0) {
    throw new UsageError("Give words to search for, or --image FILE");
  }
  try {
    const pictures = images.map(parseImageTerm);
    return checkedQuery(text.trim() === "" ? pictures : [...parseQuery(text), ...pictures]);
  } catch (error) {
    if (error instanceof InputError) throw new UsageError(error.message.split(".\n")[0]!);
    throw error;
  }
}

/** By id, by name, or by the only name that is the same but for case. */
function conceptId({ concepts }: SearchedModel, given: string): number {
  if (given.toLowerCase() === "none") return -1;
  if (/^\d+$/.test(given)) return Number(given);
  const exact = concepts.filter(({ name }) => name === given);
  const folded = concepts.filter(({ name }) => name.toLowerCase() === given.toLowerCase());
  const found = exact.length > 0 ? exact : folded;
  if (found.length === 1) return found[0]!.id;
  throw new InputError(`No single concept is called ${JSON.stringify(given)}`, {
    expected: "an id, or the name of one concept",
    found: found.length === 0 ? "none of that name" : `${found.length} of that name`,
    hint: "concept info MODEL lists them.",
  });
}

function resultJson({ images }: SearchedModel, result: SearchResult): object {
  return {
    ...result,
    images: result.images.map(({ row, score, relevance, concept }) => ({
      path: imagePath(images, row),
      score,
      relevance,
      concept,
    })),
  };
}

function printResult(model: SearchedModel, result: SearchResult, terminal: Terminal): void {
  if (result.unknown.length > 0) {
    const unknown = result.unknown.map((text) => JSON.stringify(text)).join(", ");
    terminal.say(`The embedding model does not know ${unknown}.`);
  }
  if (result.nothing !== null) {
    const { nothing, relevance } = result;
    const why =
      relevance === null ? nothing : `${nothing}: the nearest picture has relevance ${shown(relevance)}`;
    terminal.print(`Nothing matches (${why}).`);
    return;
  }
  const sizes = new Map(model.concepts.map(({ id, size }) => [id, size]));
  const numbers = [{ title: "relevance" }, { title: "score" }, { title: "id", align: "right" }] as const;
  terminal.print(
    textTable(
      [...numbers, { title: "pictures", align: "right" }, { title: "concept" }],
      result.concepts.map(({ id, name, score, relevance }) => [
        shown(relevance),
        score.toFixed(3),
        String(id),
        String(sizes.get(id)),
        name,
      ]),
    ),
  );
  terminal.print("");
  terminal.print(
    textTable(
      [...numbers, { title: "picture" }],
      result.images.map(({ row, concept, score, relevance }) => [
        shown(relevance),
        score.toFixed(3),
        concept === -1 ? "-" : String(concept),
        imagePath(model.images, row),
      ]),
    ),
  );
}

function shown(relevance: number | null): string {
  return relevance === null ? "-" : relevance.toFixed(2);
}
