import { searchConcepts, searchImages } from "../core/search/search.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { imagePath } from "./image-path.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { textTable } from "./table.ts";

export const searchCommand: Command = {
  name: "search",
  summary: "find concepts and pictures by words or by a picture",
  help: `concept search MODEL TERM...          the concepts and pictures closest to a text
concept search MODEL --image FILE     the concepts and pictures closest to a picture

  -t, --top N           how many of each (default 10)
      --image FILE      search by this picture
  -m, --model NAME      for models made from vectors: the embedding model that made them
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept search photos.concept beach
  concept search photos.concept "two dogs in the snow" --top 3 --json
  concept search photos.concept --image holiday.jpg`,
  options: {
    ...MODEL_OPTIONS,
    top: { type: "string", short: "t" },
    image: { type: "string" },
  },
  positionals: [1, Infinity],
  run: search,
};

async function search(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const [folder, ...terms] = args.positionals;
  const term = terms.join(" ").trim();
  const image = args.text("image");
  if (term === "" && image === undefined) throw new UsageError("Give words to search for, or --image FILE");
  if (term !== "" && image !== undefined) throw new UsageError("Give words or --image FILE, not both");
  const top = args.integer("top", { min: 1 }) ?? 10;

  const model = await ConceptModel.load(folder!, modelOptions(args));
  try {
    const query = image === undefined ? await model.textVector(term) : await model.imageVector(image);
    const concepts = searchConcepts(model.fitted, query, top);
    const images = searchImages(model.fitted, query, top).map(({ row, concept, score }) => ({
      path: imagePath(model.fitted.images, row),
      score,
      concept,
    }));
    if (terminal.json) {
      terminal.printJson({ concepts, images });
    } else {
      const sizeOf = new Map(model.fitted.concepts.map(({ id, size }) => [id, size]));
      terminal.print(
        textTable(
          [
            { title: "score" },
            { title: "id", align: "right" },
            { title: "pictures", align: "right" },
            { title: "concept" },
          ],
          concepts.map(({ id, name, score }) => [score.toFixed(3), String(id), String(sizeOf.get(id)), name]),
        ),
      );
      terminal.print("");
      terminal.print(
        textTable(
          [{ title: "score" }, { title: "id", align: "right" }, { title: "picture" }],
          images.map(({ path, concept, score }) => [
            score.toFixed(3),
            concept === -1 ? "-" : String(concept),
            path,
          ]),
        ),
      );
    }
  } finally {
    await model.close();
  }
  return EXIT.done;
}
