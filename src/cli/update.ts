import { ConceptModel } from "../node/concept-model.ts";
import { assertReplaceable } from "../node/saved-model/save-model.ts";
import type { UpdateReport } from "../node/update/update-collection.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { inputOptions } from "./input-options.ts";
import {
  METADATA_OPTIONS,
  METADATA_OPTIONS_HELP,
  metadataOptions,
  reportMetadata,
} from "./metadata-options.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { reportIgnored, reportSkipped } from "./skipped.ts";
import type { Terminal } from "./terminal.ts";

export const updateCommand: Command = {
  name: "update",
  summary: "bring a model up to date with its folder",
  help: `concept update MODEL PICTURES     embed and assign what is new or changed, take out what has gone

PICTURES is the folder the model was made from, or a folder or archive in it. Concepts keep their ids, names and edits; nothing
is fitted again. Pictures that fit no concept are counted, and a new fit is advised when they become many.

  -o, --output DIR      write the updated model there and leave MODEL as it is
      --exclude PATTERN leave out, as a line of .gitignore would; may be given again and again
      --keep-missing    keep pictures whose files are not there any more
      --dry-run         only tell what would change
${METADATA_OPTIONS_HELP}
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept update photos.concept ./photos
  concept update photos.concept ./photos/2026 --keep-missing`,
  options: {
    ...MODEL_OPTIONS,
    ...METADATA_OPTIONS,
    output: { type: "string", short: "o" },
    exclude: { type: "string", multiple: true },
    "keep-missing": { type: "boolean" },
    "dry-run": { type: "boolean" },
  },
  positionals: [2, 2],
  run: update,
};

async function update(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const [source, pictures] = args.positionals;
  const output = args.text("output") ?? source!;
  const isDry = args.flag("dry-run");
  const metadata = metadataOptions(args);
  const model = await ConceptModel.load(source!, modelOptions(args));
  try {
    if (!isDry) await assertReplaceable(output);
    const progress = new StepProgress(terminal);
    const report = await model.update(pictures!, {
      keepMissing: args.flag("keep-missing"),
      metadata,
      inputs: inputOptions(args),
      signal,
      onProgress: (fraction) => progress.report("embed images", fraction),
    });
    signal.throwIfAborted();
    const isSame = report.added + report.changed + report.moved + report.removed === 0;
    const isWritten = !isDry && !(isSame && metadata === undefined && output === source);
    if (isWritten) await model.save(output);
    if (terminal.json)
      terminal.printJson({ ...report, skipped: model.skipped, saved: isWritten ? output : null });
    else printReport(report, model, terminal, isWritten ? `Saved as ${output}.` : "Nothing was written.");
  } finally {
    await model.close();
  }
  return model.skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}

function printReport(report: UpdateReport, model: ConceptModel, terminal: Terminal, end: string): void {
  const { added, changed, moved, removed, missing, kept, unassigned, embedded, droppedEdits, growth } =
    report;
  terminal.print(
    `added    ${added}\nchanged  ${changed}\nmoved    ${moved}\nremoved  ${removed}\nkept     ${kept}`,
  );
  if (missing > 0) terminal.print(`missing  ${missing} (kept)`);
  const fresh = added + changed;
  if (fresh > 0) {
    terminal.say(
      `${embedded} embedded; ${unassigned} of ${fresh} new pictures fit no concept (${Math.round((100 * unassigned) / fresh)} %).`,
    );
  }
  if (droppedEdits > 0)
    terminal.warn(`${droppedEdits} edits were about pictures or concepts that have gone and were dropped.`);
  if (growth.refit !== null)
    terminal.warn(`A new fit is advised: ${growth.refit}. Run concept fit on the folder again.`);
  reportSkipped(model.skipped, terminal);
  reportIgnored(model.ignored, terminal);
  reportMetadata(report.metadata, model.fitted.images.ids.length, terminal);
  terminal.say(end);
}
