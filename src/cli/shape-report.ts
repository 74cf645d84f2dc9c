import { performance } from "node:perf_hooks";
import type { Edit } from "../core/edits/edit.ts";
import { editText } from "../core/edits/edit-line.ts";
import { countOutliers, type FittedModel } from "../core/model.ts";
import type { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type CommandContext, UsageError } from "./command.ts";
import { printable } from "./table.ts";

/** What became of a model through a command. */
export interface ShapeReport {
  readonly concepts: number;
  readonly outliers: number;
  /** Share of the pictures that are in no concept, 0 to 1. */
  readonly outlierShare: number;
  readonly milliseconds: number;
}

/** Makes edits, writes them to the model's folder and tells how long making them took. */
export async function shapeAndSave(
  model: ConceptModel,
  make: () => Promise<unknown>,
  { signal }: Pick<CommandContext, "signal">,
): Promise<ShapeReport> {
  const started = performance.now();
  await make();
  const milliseconds = Math.round(performance.now() - started);
  signal.throwIfAborted();
  await model.saveEdits();
  return { ...shapeOf(model.fitted), milliseconds };
}

export function shapeOf({ concepts, images }: FittedModel): Omit<ShapeReport, "milliseconds"> {
  const outliers = countOutliers(images);
  return { concepts: concepts.length, outliers, outlierShare: outliers / Math.max(1, images.ids.length) };
}

/** `40 concepts, 1,203 pictures in none (12 %)`, for people. */
export function shapeLine({ concepts, outliers, outlierShare }: Omit<ShapeReport, "milliseconds">): string {
  return `${concepts} concepts, ${outliers} in none (${Math.round(100 * outlierShare)} %)`;
}

/** An edit in words. */
export function editLine(edit: Edit): string {
  return printable(editText(edit));
}

/** Says so when the last edit of a model was cut off. */
export function warnOfTornEdit(model: ConceptModel, { terminal }: Pick<CommandContext, "terminal">): void {
  if (model.hasTornEdit) terminal.warn("The last edit of this model was cut off and is ignored.");
}

/** What `--reduce-outliers` and `--threshold` say. @throws UsageError */
export function outlierReduction<Strategy extends string>(
  args: Arguments,
  strategies: readonly Strategy[],
): { readonly reduceOutliers: Strategy | undefined; readonly threshold: number | undefined } {
  const reduceOutliers = args.choice("reduce-outliers", strategies);
  const threshold = args.number("threshold", { min: 0, max: 1 });
  if (threshold !== undefined && (reduceOutliers === undefined || reduceOutliers === "none")) {
    throw new UsageError("--threshold goes with --reduce-outliers membership, exemplar or neighbors");
  }
  return { reduceOutliers, threshold };
}
