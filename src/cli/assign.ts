import { conceptWithId } from "../core/concept-lookup.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { imagePath } from "./image-path.ts";
import { givenPictures, INPUT_OPTIONS, INPUT_OPTIONS_HELP, inputOptions } from "./input-options.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { reportSkipped } from "./skipped.ts";
import { textTable } from "./table.ts";

export const assignCommand: Command = {
  help: `concept assign MODEL PICTURES...     the concept of each picture, - for none

PICTURES are folders (searched through), files, patterns, archives, or - for a list on standard input. The model is not changed. A picture of the fitted
collection gets the answer it got there.

${INPUT_OPTIONS_HELP}
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept assign photos.concept ./new
  concept assign photos.concept a.jpg b.jpg --json`,
  options: { ...MODEL_OPTIONS, ...INPUT_OPTIONS },
  positionals: [1, Infinity],
  run: assign,
};

async function assign(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const [folder, ...pictures] = args.positionals;
  const model = await ConceptModel.load(folder!, modelOptions(args));
  try {
    const progress = new StepProgress(terminal);
    const found = await model.assignFiles(await givenPictures(args, pictures), {
      inputs: inputOptions(args),
      signal,
      onProgress: (fraction) => progress.report("embed images", fraction),
    });
    const images = found.paths.map((_, i) => {
      const concept = found.concepts[i]!;
      return {
        path: imagePath(found, i),
        concept,
        name: conceptWithId(model.fitted.concepts, concept)?.name ?? null,
        probability: found.probabilities[i]!,
        x: found.map.data[2 * i]!,
        y: found.map.data[2 * i + 1]!,
      };
    });
    if (terminal.json) {
      terminal.printJson({ images, skipped: model.skipped });
    } else {
      terminal.print(
        textTable(
          [
            { title: "id", align: "right" },
            { title: "probability" },
            { title: "concept" },
            { title: "picture" },
          ],
          images.map(({ concept, probability, name, path }) => [
            concept === -1 ? "-" : String(concept),
            concept === -1 ? "-" : probability.toFixed(2),
            name ?? "-",
            path,
          ]),
        ),
      );
      reportSkipped(model.skipped, terminal);
    }
  } finally {
    await model.close();
  }
  return model.skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}
