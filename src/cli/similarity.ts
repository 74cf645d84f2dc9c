import { type ConceptSimilarity, mostSimilarPairs } from "../core/compare/concept-similarity.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { assertChartFile } from "./chart-file.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { textTable } from "./table.ts";

export const similarityCommand: Command = {
  help: `concept similarity MODEL             the most similar pairs of concepts
concept similarity MODEL -o FILE     all of them, drawn as .png or .svg

  -o, --output FILE     the drawing; its extension says what is written
      --as KIND         heatmap (default) or dendrogram
      --theme NAME      light (default) or dark
      --title TEXT      heading
  -t, --top N           how many pairs are listed (default 10)
${COMMON_OPTIONS_HELP}

Examples:
  concept similarity photos.concept
  concept similarity photos.concept -o alike.png
  concept similarity photos.concept -o tree.svg --as dendrogram`,
  options: {
    output: { type: "string", short: "o" },
    as: { type: "string" },
    theme: { type: "string" },
    title: { type: "string" },
    top: { type: "string", short: "t" },
  },
  positionals: [1, 1],
  run: similarity,
};

async function similarity(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const output = args.text("output");
  const top = args.integer("top", { min: 1 }) ?? 10;
  const choice = {
    as: args.choice("as", ["heatmap", "dendrogram"]),
    theme: args.choice("theme", ["light", "dark"]),
    title: args.text("title"),
  };
  if (output !== undefined) assertChartFile(output);
  else if (choice.as !== undefined) throw new UsageError("Say where to draw: -o similarity.png");
  const model = await ConceptModel.load(args.positionals[0]!);
  if (output !== undefined) await (await model.visualizeSimilarity(choice)).write(output);
  const found = model.conceptSimilarity();
  if (terminal.json) terminal.printJson({ ...similarityJson(found), ...(output ? { file: output } : {}) });
  else terminal.print(output ?? pairTable(found, top));
  return EXIT.done;
}

/** Merges as in scipy's `linkage`: numbers below the number of concepts are places in `concepts`, others earlier merges. */
function similarityJson({ concepts, similarities, dendrogram }: ConceptSimilarity): object {
  const count = concepts.length;
  return {
    concepts,
    similarities: concepts.map((_, i) => Array.from(similarities.subarray(i * count, (i + 1) * count))),
    merges: Array.from(dendrogram.heights, (height, merge) => ({
      joins: Array.from(dendrogram.children.subarray(2 * merge, 2 * merge + 2)),
      similarity: 1 - height,
    })),
    order: Array.from(dendrogram.order),
  };
}

function pairTable(found: ConceptSimilarity, top: number): string {
  const label = (place: number): string => `${found.concepts[place]!.id} ${found.concepts[place]!.name}`;
  return textTable(
    [{ title: "similarity", align: "right" }, { title: "concept" }, { title: "and" }],
    mostSimilarPairs(found, top).map(({ first, second, similarity: value }) => [
      value.toFixed(2),
      label(first),
      label(second),
    ]),
  );
}
