import { stabilities, stabilityBadge } from "../core/compare/stability-badge.ts";
import { baseOf } from "../core/edits/plan-edit.ts";
import { ModelStateError } from "../core/errors.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { untilSaved } from "./save-over.ts";
import { textTable } from "./table.ts";

export const stabilityCommand: Command = {
  help: `concept stability MODEL     refit parts of the collection and see which concepts come back

Each run fits a part of the pictures anew, with chance of its own, and compares each concept with the most
similar cluster found there. The mean Jaccard index over the runs, 0 to 1, is stored in the model and shown by
concept info: from 0.75 a concept is stable, below 0.6 it should not be trusted. Nothing is embedded again.

      --runs N          refits (default 10)
      --share S         part of the pictures in each (default 0.8)
      --seed N          another draw (default 42)
      --dry-run         show, do not store
${COMMON_OPTIONS_HELP}

Examples:
  concept stability photos.concept
  concept stability photos.concept --runs 30 --json`,
  options: {
    runs: { type: "string" },
    share: { type: "string" },
    seed: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  positionals: [1, 1],
  run: stability,
};

async function stability(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const folder = args.positionals[0]!;
  const runs = args.integer("runs", { min: 1, max: 10_000 });
  const share = args.number("share", { min: 0.05, max: 0.99 });
  const seed = args.integer("seed", { min: 0, max: Number.MAX_SAFE_INTEGER });
  const model = await ConceptModel.load(folder);
  const progress = new StepProgress(terminal);
  const found = await model.measureStability({
    runs,
    share,
    seed,
    signal,
    onProgress: (fraction) => progress.report("stability", fraction),
  });
  signal.throwIfAborted();
  if (!args.flag("dry-run")) await untilSaved(() => store(folder, model));
  const concepts = stabilityRows(model);
  if (terminal.json) {
    terminal.printJson({ runs: found.runs, share: found.share, seed: found.seed, concepts });
    return EXIT.done;
  }
  const columns = [
    { title: "stability", align: "right" as const },
    { title: "" },
    { title: "id", align: "right" as const },
    { title: "pictures", align: "right" as const },
    { title: "name" },
  ];
  const rows = concepts.map(({ id, name, size, stability: value, badge }) => [
    value === null ? "-" : value.toFixed(2),
    badge ?? "edited",
    String(id),
    String(size),
    name,
  ]);
  terminal.print(textTable(columns, rows));
  const stable = concepts.filter(({ badge }) => badge === "stable").length;
  const stored = args.flag("dry-run") ? "" : ` Stored in ${folder}.`;
  terminal.say(`${stable} of ${concepts.length} concepts are stable over ${found.runs} refits.${stored}`);
  return EXIT.done;
}

/** Most stable first; concepts that edits have changed last. */
function stabilityRows(model: ConceptModel): {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly stability: number | null;
  readonly badge: string | null;
}[] {
  const known = stabilities(model.fitted);
  return model.fitted.concepts
    .map(({ id, name, size }) => {
      const value = known.get(id) ?? null;
      return { id, name, size, stability: value, badge: value === null ? null : stabilityBadge(value) };
    })
    .sort((a, b) => (b.stability ?? -1) - (a.stability ?? -1));
}

/** Edits that somebody made while the refits ran, or makes while this saves, are kept. */
async function store(folder: string, measured: ConceptModel): Promise<void> {
  const latest = await ConceptModel.load(folder);
  const [before, now] = [baseOf(measured.fitted), baseOf(latest.fitted)];
  const isSame =
    now.images.concepts.length === before.images.concepts.length &&
    now.images.concepts.every((concept, row) => concept === before.images.concepts[row]) &&
    now.images.ids.every((id, row) => id === before.images.ids[row]);
  if (!isSame || before.stability === undefined) {
    throw new ModelStateError(
      "EDITED_ELSEWHERE",
      "The model was fitted anew while its stability was measured",
      {
        hint: "Measure it again.",
      },
    );
  }
  await latest.saveStability(folder, before.stability);
}
