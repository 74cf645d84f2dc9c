import { performance } from "node:perf_hooks";
import type { Edit } from "../core/edits/edit.ts";
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
  return printable(describe(edit));
}

function describe(edit: Edit): string {
  switch (edit.kind) {
    case "recut": {
      const { clusterCount, minClusterSize, clusterSelectionMethod, clusterSelectionEpsilon } = edit.cut;
      const options = [
        clusterCount === undefined ? "" : `to ${clusterCount} groups`,
        minClusterSize === undefined ? "" : `min size ${minClusterSize}`,
        clusterSelectionMethod === undefined ? "" : `by ${clusterSelectionMethod}`,
        clusterSelectionEpsilon === undefined ? "" : `epsilon ${clusterSelectionEpsilon}`,
        edit.outliers === undefined ? "" : `outliers by ${edit.outliers.strategy}`,
      ].filter((option) => option !== "");
      return `recut ${options.join(", ") || "as in the fit"}`;
    }
    case "merge":
      return `merge ${edit.concepts.join(", ")} as ${edit.result.concept} "${edit.result.name}"`;
    case "split": {
      const parts = edit.parts.map(({ draft }) => `${draft.concept} "${draft.name}"`).join(", ");
      return `split ${edit.rest.concept} "${edit.rest.name}": new ${parts}`;
    }
    case "rename":
      return `rename ${edit.concept} "${edit.name}"${edit.namedBy === undefined ? "" : ` (named by ${edit.namedBy})`}`;
    case "pin":
      return `${edit.pinned ? "pin" : "unpin"} ${edit.concept}`;
    case "hide":
      return `${edit.hidden ? "hide" : "show"} ${edit.concept}`;
    case "move": {
      const { to } = edit;
      const target =
        to === null ? "none" : typeof to === "number" ? String(to) : `the new ${to.concept} "${to.name}"`;
      return `move ${edit.pictures.length} ${edit.pictures.length === 1 ? "picture" : "pictures"} to ${target}`;
    }
    case "outliers":
      return `give ${edit.pictures.length} outliers to concepts by ${edit.strategy} from ${edit.threshold}`;
    case "carry":
      return `carry ids over from an earlier fit`;
  }
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
