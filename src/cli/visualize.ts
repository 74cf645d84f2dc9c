import { ConceptModel } from "../node/concept-model.ts";
import type { CollageChoice } from "../node/draw-concepts.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";

export const visualizeCommand: Command = {
  help: `concept visualize MODEL -o FILE     draw the largest concepts as .png, .svg or .html

  -o, --output FILE     the picture; its extension says what is written
  -t, --top N           how many concepts, largest first (default 12; all where there are fewer)
      --concepts IDS    these concepts, in this order, e.g. 3,0,17
      --theme NAME      light (default) or dark
      --columns N       tiles in a row (default: what looks best)
      --title TEXT      heading
      --root DIR        where the pictures are now, if they were moved
${COMMON_OPTIONS_HELP}

Examples:
  concept visualize photos.concept -o concepts.png
  concept visualize photos.concept -o concepts.svg --concepts 3,0,17 --theme dark`,
  options: {
    output: { type: "string", short: "o" },
    top: { type: "string", short: "t" },
    concepts: { type: "string" },
    theme: { type: "string" },
    columns: { type: "string" },
    title: { type: "string" },
    root: { type: "string" },
  },
  positionals: [1, 1],
  run: visualize,
};

async function visualize(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const output = args.text("output");
  if (output === undefined) throw new UsageError("Say where to draw: -o concepts.png");
  if (!/\.(png|svg|html?)$/i.test(output))
    throw new UsageError(`-o ends in .png, .svg or .html, found "${output}"`);
  const choice: CollageChoice = {
    topN: args.integer("top", { min: 1 }),
    concepts: conceptIds(args.text("concepts")),
    theme: args.choice("theme", ["light", "dark"]),
    columns: args.integer("columns", { min: 1, max: 20 }),
    title: args.text("title"),
    root: args.text("root"),
  };
  const model = await ConceptModel.load(args.positionals[0]!);
  const collage = await model.visualizeConcepts(choice);
  await collage.write(output);
  if (terminal.json)
    terminal.printJson({
      file: output,
      width: collage.width,
      height: collage.height,
      missing: collage.missing,
    });
  else terminal.print(output);
  if (collage.missing.length === 0) return EXIT.done;
  terminal.warn(`${collage.missing.length} pictures could not be read; their names stand in their places.`);
  return EXIT.skippedSome;
}

function conceptIds(list: string | undefined): number[] | undefined {
  if (list === undefined) return undefined;
  const ids = list.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (ids.some(Number.isNaN)) throw new UsageError(`--concepts takes ids such as 3,0,17, found "${list}"`);
  return ids;
}
