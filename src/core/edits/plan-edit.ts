import { requireConcept } from "../concept-lookup.ts";
import { InputError } from "../errors.ts";
import type { FittedModel } from "../model.ts";
import { applyEdits, EditFault, groupingAfter } from "./apply-edits.ts";
import { describeDrafts, type NamelessDraft, placeholder } from "./describe.ts";
import type { Edit, OutlierStrategy, RecutEdit, ReducedOutliers, RenameEdit, SplitEdit } from "./edit.ts";
import type { EditRequest, OutlierOptions, PictureName, RecutOptions } from "./edit-request.ts";
import { assertName, nameFrom } from "./edit-text.ts";
import type { Grouping } from "./grouping.ts";
import { PictureIndex } from "./picture-keys.ts";
import type { PlanContext } from "./plan-context.ts";
import { planOutliers } from "./plan-outliers.ts";
import { planCut } from "./plan-recut.ts";
import { planParts } from "./plan-split.ts";

/** The fit a model goes back to, without what people made of it. */
export function baseOf(model: FittedModel): FittedModel {
  return model.shaping?.base ?? model;
}

/** What people made of a model, in order. */
export function editsOf(model: Pick<FittedModel, "shaping">): readonly Edit[] {
  return model.shaping?.edits ?? [];
}

/** A model with one edit more. @throws InputError when it does not fit */
export function withEdit(model: FittedModel, edit: Edit): FittedModel {
  try {
    return applyEdits(baseOf(model), [...editsOf(model), edit]);
  } catch (error) {
    throw error instanceof EditFault ? error.cause : error;
  }
}

/** A model without its last edits, the fit itself where there were no others. */
export function withoutLastEdits(model: FittedModel, count = 1): FittedModel {
  return applyEdits(baseOf(model), editsOf(model).slice(0, Math.max(0, editsOf(model).length - count)));
}

/**
 * Works out what a request means for a model: which pictures go where, and what new concepts are called. `withEdit` then makes
 * the changed model. Neither model nor disk is changed; the same request on the same model gives the same edit.
 *
 * @throws InputError when the request does not fit the model
 */
export async function planEdit(
  model: FittedModel,
  request: EditRequest,
  context: PlanContext,
): Promise<Edit> {
  const grouping = groupingAfter(baseOf(model), editsOf(model));
  switch (request.kind) {
    case "recut":
      return planRecut(model, grouping, request, context);
    case "merge":
      return planMerge(model, request.concepts, context);
    case "split":
      return planSplit(model, grouping, request.concept, request.into, context);
    case "rename":
      requireConcept(model.concepts, request.concept);
      assertName(request.name);
      return planRename(request);
    case "pin":
      requireConcept(model.concepts, request.concept);
      return { kind: "pin", concept: request.concept, pinned: request.pinned ?? true };
    case "hide":
      requireConcept(model.concepts, request.concept);
      return { kind: "hide", concept: request.concept, hidden: request.hidden ?? true };
    case "move":
      return planMove(model, grouping, request.pictures, request.to, context);
    case "outliers":
      return { kind: "outliers", ...(await planOutliers(model, grouping.byHand, request, context)) };
  }
}

/** Where pictures would be after a recut, and the ids of the concepts: what `planEdit` gives, without words, names and exemplars. */
export async function previewRecut(
  model: FittedModel,
  options: RecutOptions,
  context: PlanContext,
): Promise<{ readonly concepts: Int32Array; readonly ids: readonly number[] }> {
  const { edit } = await namelessRecut(model, groupingAfter(baseOf(model), editsOf(model)), options, context);
  const { concepts, entries } = groupingAfter(baseOf(model), [...editsOf(model), edit]);
  return { concepts, ids: [...entries.keys()] };
}

function planRename({ concept, name, namedBy }: EditRequest & { readonly kind: "rename" }): RenameEdit {
  const bare = { kind: "rename", concept, name } as const;
  return namedBy === undefined ? bare : { ...bare, namedBy: nameFrom(namedBy) };
}

async function planRecut(
  model: FittedModel,
  grouping: Grouping,
  options: RecutOptions,
  context: PlanContext,
): Promise<RecutEdit> {
  const { edit, bare, drafts } = await namelessRecut(model, grouping, options, context);
  return { ...edit, concepts: await describeDrafts(withEdit(model, bare), drafts, context.kernels) };
}

/** A recut whose concepts have no names yet; `bare` leaves the outliers where they are. */
async function namelessRecut(
  model: FittedModel,
  grouping: Grouping,
  options: RecutOptions,
  context: PlanContext,
): Promise<{
  readonly edit: RecutEdit;
  readonly bare: RecutEdit;
  readonly drafts: readonly NamelessDraft[];
}> {
  const { cut, owners, drafts } = planCut(grouping, options);
  const bare: RecutEdit = { kind: "recut", cut, owners, concepts: drafts.map(placeholder) };
  const reduction = reductionFor(model, options);
  if (reduction === null) return { edit: bare, bare, drafts };
  const outliers = await planOutliers(withEdit(model, bare), handsAfter(model, bare), reduction, context);
  return { edit: { ...bare, outliers }, bare, drafts };
}

/** Where nothing is said, outliers are reduced as they were before. */
function reductionFor(model: FittedModel, options: RecutOptions): OutlierOptions | null {
  const { reduceOutliers, threshold } = options;
  if (reduceOutliers === "none") return null;
  if (reduceOutliers !== undefined) return { strategy: reduceOutliers, threshold };
  const last = lastReduction(editsOf(model));
  return last === null ? null : { strategy: last.strategy, threshold: threshold ?? last.threshold };
}

/** How outliers were reduced last, null where the last recut did not. */
export function lastReduction(
  edits: readonly Edit[],
): { readonly strategy: OutlierStrategy; readonly threshold: number } | null {
  for (const edit of edits.toReversed()) {
    const found: ReducedOutliers | undefined =
      edit.kind === "outliers" ? edit : edit.kind === "recut" ? edit.outliers : undefined;
    if (found !== undefined || edit.kind === "recut") return found ?? null;
  }
  return null;
}

function handsAfter(model: FittedModel, edit: Edit): Uint8Array {
  return groupingAfter(baseOf(model), [...editsOf(model), edit]).byHand;
}

async function planMerge(
  model: FittedModel,
  concepts: readonly number[],
  context: PlanContext,
): Promise<Edit> {
  const merged = concepts.map((id) => requireConcept(model.concepts, id));
  const named = merged.find(({ renamed }) => renamed);
  const draft: NamelessDraft = {
    concept: concepts[0] ?? -1,
    keptName: named?.name ?? null,
    renamed: named !== undefined,
  };
  const bare: Edit = { kind: "merge", concepts, result: placeholder(draft) };
  const [result] = await describeDrafts(withEdit(model, bare), [draft], context.kernels);
  return { ...bare, result: result! };
}

async function planSplit(
  model: FittedModel,
  grouping: Grouping,
  concept: number,
  into: number | undefined,
  context: PlanContext,
): Promise<SplitEdit> {
  const { renamed, name } = requireConcept(model.concepts, concept);
  const [, ...others] = await planParts(grouping, concept, into, context);
  const index = new PictureIndex(model.images);
  const drafts: NamelessDraft[] = others.map((_, i) => ({
    concept: grouping.nextId + i,
    keptName: null,
    renamed: false,
  }));
  // What a person called the whole goes on with the largest part.
  const rest = { concept, keptName: renamed === true ? name : null, renamed: renamed === true };
  const bare: SplitEdit = {
    kind: "split",
    rest: placeholder(rest),
    parts: others.map((rows, i) => ({
      draft: placeholder(drafts[i]!),
      pictures: Array.from(rows, (row) => index.keyOf(row)),
    })),
  };
  const [described, ...parts] = await describeDrafts(
    withEdit(model, bare),
    [rest, ...drafts],
    context.kernels,
  );
  return {
    ...bare,
    rest: described!,
    parts: bare.parts.map((part, i) => ({ ...part, draft: parts[i]! })),
  };
}

async function planMove(
  model: FittedModel,
  grouping: Grouping,
  pictures: readonly PictureName[],
  to: number | "none" | "new",
  context: PlanContext,
): Promise<Edit> {
  const rows = [...new Set(rowsOfNames(model, pictures))];
  const index = new PictureIndex(model.images);
  const keys = rows.map((row) => index.keyOf(row));
  if (to === "none") return { kind: "move", pictures: keys, to: null };
  if (to !== "new") {
    requireConcept(model.concepts, to);
    return { kind: "move", pictures: keys, to };
  }
  const draft = { concept: grouping.nextId, keptName: null, renamed: false };
  const bare: Edit = { kind: "move", pictures: keys, to: placeholder(draft) };
  const [described] = await describeDrafts(withEdit(model, bare), [draft], context.kernels);
  return { ...bare, to: described! };
}

/** Rows of pictures by row, path or id. @throws InputError for a picture that is not there, or an id of several */
function rowsOfNames({ images }: FittedModel, names: readonly PictureName[]): number[] {
  const byPath = new Map(images.paths.map((path, row) => [path, row]));
  let byId: PictureIndex | null = null;
  return names.map((name) => {
    if (typeof name === "number") {
      if (Number.isInteger(name) && name >= 0 && name < images.paths.length) return name;
      throw new InputError("There is no such picture", {
        expected: `a row from 0 to ${images.paths.length - 1}`,
        found: String(name),
      });
    }
    const row = byPath.get(name);
    if (row !== undefined) return row;
    byId ??= new PictureIndex(images);
    return byId.rowOf(name);
  });
}
