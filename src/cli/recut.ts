import type { RecutOptions } from "../core/edits/edit-request.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { conceptTable } from "./concept-table.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { outlierReduction, shapeAndSave, shapeLine, warnOfTornEdit } from "./shape-report.ts";

export const recutCommand: Command = {
  help: `concept recut MODEL OPTIONS     cut the kept tree of a model anew: more concepts, or fewer, at once

  -k, --concepts K      exactly K concepts, 2 or more
      --min-size N      smallest concept; with --concepts K: at least so large
      --method M        eom: groups that last over many densities; leaf: the finest groups
      --epsilon E       groups closer than this stay together
      --reduce-outliers S   give pictures in none to concepts: membership, exemplar, neighbors; none: not
      --threshold T     how strong that must be, 0 to 1 (default 0.01, 0.75, 0.3)
${COMMON_OPTIONS_HELP}

Nothing is embedded or fitted. Concepts that go on keep id and name; those that were merged, split, made by hand or
pinned stay as they are. concept edit MODEL undo takes it back.

Examples:
  concept recut photos.concept --concepts 40
  concept recut photos.concept --min-size 10 --method leaf --reduce-outliers exemplar`,
  options: {
    concepts: { type: "string", short: "k" },
    "min-size": { type: "string" },
    method: { type: "string" },
    epsilon: { type: "string" },
    "reduce-outliers": { type: "string" },
    threshold: { type: "string" },
  },
  positionals: [1, 1],
  run: recut,
};

async function recut(args: Arguments, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const options = recutOptions(args);
  const model = await ConceptModel.load(args.positionals[0]!);
  warnOfTornEdit(model, context);
  const before = new Set(model.fitted.concepts.map(({ id }) => id));
  const report = await shapeAndSave(model, () => model.recut(options, { signal }), context);
  const { concepts } = model.fitted;
  const kept = concepts.filter(({ id }) => before.has(id)).length;
  if (terminal.json) {
    terminal.printJson({
      ...report,
      kept,
      fresh: concepts.length - kept,
      ended: before.size - kept,
    });
    return EXIT.done;
  }
  terminal.print(conceptTable(model.fitted, terminal));
  const changes = `${kept} go on, ${concepts.length - kept} are new, ${before.size - kept} ended`;
  terminal.say(`${shapeLine(report)}: ${changes}; ${report.milliseconds} ms.`);
  return EXIT.done;
}

function recutOptions(args: Arguments): RecutOptions {
  const options: RecutOptions = {
    concepts: args.integer("concepts", { min: 2 }),
    minConceptSize: args.integer("min-size", { min: 2 }),
    method: args.choice("method", ["eom", "leaf"]),
    epsilon: args.number("epsilon", { min: 0, max: Number.MAX_VALUE }),
    ...outlierReduction(args, ["membership", "exemplar", "neighbors", "none"]),
  };
  if (options.concepts !== undefined && options.epsilon !== undefined) {
    throw new UsageError("--concepts and --epsilon exclude each other");
  }
  return options;
}
