import { ConceptModel } from "../node/concept-model.ts";
import type { SavedState } from "../node/saved-model/edit-log.ts";
import { readSavedState } from "../node/saved-model/load-model.ts";
import { assertReplaceable, isSamePlace } from "../node/saved-model/save-model.ts";
import type { UpdateReport } from "../node/update/update-collection.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { conceptTable } from "./concept-table.ts";
import { FOLDER_OPTIONS, FOLDER_OPTIONS_HELP, inputOptions } from "./input-options.ts";
import {
  METADATA_OPTIONS,
  METADATA_OPTIONS_HELP,
  metadataOptions,
  reportMetadata,
} from "./metadata-options.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { untilSaved } from "./save-over.ts";
import { editLine, shapeLine, shapeOf } from "./shape-report.ts";
import { reportIgnored, reportSkipped } from "./skipped.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Dropped edits that are listed. */
const MOST_DROPPED = 10;

export const updateCommand: Command = {
  help: `concept update MODEL PICTURES     embed and assign what is new or changed, take out what has gone

PICTURES is the folder the model was made from, or a folder, an archive or a table in it, an address, or a prefix of a bucket
(s3://bucket/photos/). Concepts keep their ids, names and edits; nothing
is fitted again. Pictures that fit no concept are counted, and a new fit is advised when they become many.

      --refit           then find the concepts anew, as in the fit, and carry ids, names and edits over
  -o, --output DIR      write the updated model there and leave MODEL as it is
${FOLDER_OPTIONS_HELP}
      --keep-missing    keep pictures whose files are not there any more
      --dry-run         only tell what would change
${METADATA_OPTIONS_HELP}
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept update photos.concept ./photos
  concept update photos.concept ./photos/2026 --keep-missing
  concept update photos.concept ./photos --refit`,
  options: {
    ...MODEL_OPTIONS,
    ...METADATA_OPTIONS,
    output: { type: "string", short: "o" },
    ...FOLDER_OPTIONS,
    refit: { type: "boolean" },
    "keep-missing": { type: "boolean" },
    "dry-run": { type: "boolean" },
  },
  positionals: [2, 2],
  run: update,
};

async function update(args: Arguments, context: CommandContext): Promise<number> {
  const [source] = args.positionals;
  const output = args.text("output") ?? source!;
  const isInPlace = await isSamePlace(output, source!);
  const replaced = isInPlace ? null : await readSavedState(output);
  const once = () => updateOnce(args, { output, isInPlace, replaced }, context);
  // Others may edit the model meanwhile: it is then read and updated again. What was embedded is in the cache.
  return isInPlace && !args.flag("refit") ? untilSaved(once) : once();
}

interface UpdatePlace {
  readonly output: string;
  readonly isInPlace: boolean;
  /** What is at another `output`. */
  readonly replaced: SavedState | null;
}

async function updateOnce(
  args: Arguments,
  { output, isInPlace, replaced }: UpdatePlace,
  { terminal, signal }: CommandContext,
): Promise<number> {
  const [source, pictures] = args.positionals;
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
    const isRefitted = args.flag("refit") && !isDry;
    let refit = isRefitted
      ? await model.refit({ signal, onProgress: (step, fraction) => progress.report(step, fraction) })
      : null;
    signal.throwIfAborted();
    const isWritten = !isDry && !(isSame && !isRefitted && metadata === undefined && isInPlace);
    if (isWritten && isInPlace && refit !== null) refit = await saveRefit(model, output, refit, signal);
    else if (isWritten) await model.save(output, { replaces: isInPlace ? model.savedState : replaced });
    const saved = isWritten ? output : null;
    if (terminal.json) terminal.printJson(jsonReport(report, refit, model, saved));
    else {
      printReport(report, model, terminal);
      if (refit !== null) printRefit(refit, model, terminal);
      else
        offerRefit(report, `concept update ${shellWord(output)} ${shellWord(pictures!)} --refit`, terminal);
      terminal.say(saved === null ? "Nothing was written." : `Saved as ${saved}.`);
    }
  } finally {
    await model.close();
  }
  return model.skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}

type Refit = Awaited<ReturnType<ConceptModel["refit"]>>;

/** Saves what was found anew; where others have edited the model meanwhile, it continues from theirs instead. */
async function saveRefit(
  model: ConceptModel,
  folder: string,
  refit: Refit,
  signal: AbortSignal,
): Promise<Refit> {
  return untilSaved(async (tries) => {
    if (tries === 1) {
      await model.save(folder);
      return refit;
    }
    const latest = await ConceptModel.load(folder);
    model.undoAll();
    const continued = await model.continueFrom(latest, { signal });
    await model.save(folder, { replaces: latest.savedState });
    return continued;
  });
}

function jsonReport(
  { dropped, ...report }: UpdateReport,
  refit: Refit | null,
  model: ConceptModel,
  saved: string | null,
): object {
  return { ...report, dropped: dropped.map(editLine), refit, skipped: model.skipped, saved };
}

function printReport(report: UpdateReport, model: ConceptModel, terminal: Terminal): void {
  const { added, changed, moved, removed, missing, kept, unassigned, embedded, dropped } = report;
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
  for (const { id, name } of report.endedConcepts) {
    terminal.warn(`All pictures of concept ${id} (${printable(name)}) have gone, and so has the concept.`);
  }
  if (dropped.length > 0) {
    const lines = dropped.slice(0, MOST_DROPPED).map((edit) => `\n  ${editLine(edit)}`);
    const more = dropped.length > lines.length ? `\n  and ${dropped.length - lines.length} more` : "";
    const edits = dropped.length === 1 ? "1 edit was" : `${dropped.length} edits were`;
    terminal.warn(`${edits} about pictures or concepts that have gone, and dropped:${lines.join("")}${more}`);
  }
  reportSkipped(model.skipped, terminal);
  reportIgnored(model.ignored, terminal);
  reportMetadata(report.metadata, model.fitted.images.ids.length, terminal);
}

function printRefit({ kept, ended }: Refit, model: ConceptModel, terminal: Terminal): void {
  terminal.print(conceptTable(model.fitted, terminal));
  const fresh = model.fitted.concepts.length - kept.length;
  terminal.say(
    `Found anew, ${shapeLine(shapeOf(model.fitted))}: ${kept.length} concepts go on, ${fresh} are new, ${ended.length} ended.`,
  );
}

function offerRefit({ growth }: UpdateReport, command: string, terminal: Terminal): void {
  if (growth.refit === null) return;
  terminal.warn(
    `A new fit is advised: ${growth.refit}. This finds the concepts anew and keeps ids, names and edits:\n  ${command}`,
  );
}

/** A word as a shell takes it for one. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
