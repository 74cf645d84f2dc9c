import type { Stability } from "./compare/stability.ts";
import { withStability } from "./compare/stability-badge.ts";
import { type ConceptModelOptions, checkOptions, type FitInputs } from "./concept-model-options.ts";
import { type ContinuedModel, continueModel } from "./edits/continue-model.ts";
import type { Edit } from "./edits/edit.ts";
import type { EditRequest, OutlierOptions, RecutOptions } from "./edits/edit-request.ts";
import { type MembershipOptions, type Memberships, membershipsOf } from "./edits/memberships.ts";
import { baseOf, editsOf, planEdit, withEdit, withoutLastEdits } from "./edits/plan-edit.ts";
import { ModelStateError } from "./errors.ts";
import { type ConceptHierarchy, conceptHierarchy } from "./hierarchy/concept-hierarchy.ts";
import type { HierarchyOptions } from "./hierarchy/concept-levels.ts";
import type { DenseKernels } from "./math/kernels.ts";
import { referenceKernels } from "./math/reference-kernels.ts";
import { countOutliers, type FittedModel } from "./model.ts";
import type { WorkOptions } from "./stages.ts";
import { stagesOfFit } from "./stages-of-fit.ts";
import type { LayoutOptimizer } from "./umap/layout-task.ts";
import { wasmLayoutOptimizer } from "./umap/wasm-layout-optimizer.ts";
import { refitModel } from "./update/refit-model.ts";

/** A model that people can shape, once it is fitted: the part of `ConceptModel` that holds the fit, its edits and what was undone. */
export class ShapeableModel<Image = unknown> {
  protected readonly options: ConceptModelOptions<Image>;
  private state: FittedModel | null = null;
  private undone: readonly Edit[] = [];
  /** @throws InputError when an option is out of range */
  constructor(options: ConceptModelOptions<Image> = {}) {
    checkOptions(options);
    this.options = options;
  }

  /** The fitted model as plain data. @throws ModelStateError before `fit` */
  get fitted(): FittedModel {
    if (this.state === null) {
      throw new ModelStateError("NOT_FITTED", "The model has not been fitted", {
        hint: "Call fit() or ConceptModel.load() first.",
      });
    }
    return this.state;
  }

  protected get isFitted(): boolean {
    return this.state !== null;
  }

  protected set fitted(model: FittedModel) {
    this.state = model;
    this.undone = [];
  }

  /** What people made of the fit, in order. */
  get edits(): readonly Edit[] {
    return editsOf(this.fitted);
  }

  /** Share of the images that are in no concept, 0 to 1. */
  get outlierShare(): number {
    const { images } = this.fitted;
    return images.concepts.length === 0 ? 0 : countOutliers(images) / images.concepts.length;
  }

  /**
   * Changes the concepts: merge, split, rename, pin, hide, move images, recut, reduce outliers. The fit is kept beside the
   * edits, so that `undo` always leads back.
   *
   * @returns the edit that was made, with its outcome
   * @throws InputError when the request does not fit the model, which then stays as it is
   */
  async edit(request: EditRequest, work: WorkOptions = {}): Promise<Edit> {
    const edit = await planEdit(this.fitted, request, { ...work, kernels: await this.kernels() });
    this.fitted = withEdit(this.fitted, edit);
    return edit;
  }

  /** Takes back the last edit. @returns it, or null where there is none */
  undo(): Edit | null {
    const last = this.edits.at(-1) ?? null;
    if (last === null) return null;
    this.state = withoutLastEdits(this.fitted);
    this.undone = [...this.undone, last];
    return last;
  }

  /** Takes back all edits, for good: the model is as it was fitted. */
  undoAll(): void {
    this.fitted = baseOf(this.fitted);
  }

  /**
   * Makes the edit again that `undo` took back last. Nothing is left to be made again after another edit, a fit or an update, nor in a
   * model that is loaded: undoing restores the saved bytes, which leave no room for what was undone.
   *
   * @returns it, or null where there is none
   */
  redo(): Edit | null {
    const next = this.undone.at(-1) ?? null;
    if (next === null) return null;
    this.state = withEdit(this.fitted, next);
    this.undone = this.undone.slice(0, -1);
    return next;
  }

  /** What `redo` can make again: the edit that was undone last comes last, and is made again first. */
  get undoneEdits(): readonly Edit[] {
    return this.undone;
  }

  /** Cuts the kept hierarchy anew, to so many concepts, another size or method; an edit like others. */
  async recut(options: RecutOptions, work: WorkOptions = {}): Promise<Edit> {
    return this.edit({ kind: "recut", ...options }, work);
  }

  /**
   * Carries ids, names, pins and edits of an earlier model over to this fit; concepts are matched by the pictures that both have.
   *
   * @returns ids of the earlier concepts that went on, and of those that did not
   * @throws ModelStateError (`BAD_INPUT`) when this model has edits already
   */
  async continueFrom(
    earlier: ShapeableModel<never>,
    work: WorkOptions = {},
  ): Promise<Pick<ContinuedModel, "kept" | "ended">> {
    if (this.edits.length > 0)
      throw new ModelStateError("BAD_INPUT", "Only a fresh fit can continue another");
    const context = { ...work, kernels: await this.kernels() };
    const { model, kept, ended } = await continueModel(earlier.fitted, this.fitted, context);
    this.fitted = model;
    return { kept, ended };
  }

  /**
   * Finds the concepts of the collection anew, as it is now, and carries ids, names and edits over (`continueFrom`): after updates
   * have brought what fits no concept. Parameters, words and seeds are those of the fit; nothing is embedded.
   *
   * @throws InputError (`BAD_OPTION`) where the model was fitted with stages of the caller's own and this one does not have them
   */
  async refit(
    work: Pick<FitInputs, "signal" | "onProgress"> = {},
  ): Promise<Pick<ContinuedModel, "kept" | "ended">> {
    const earlier = this.fitted;
    const stages = stagesOfFit(baseOf(earlier), this.options, baseOf(earlier).parameters.minConceptSize);
    const engines = await this.engines();
    const fresh = await refitModel(earlier, stages, { ...engines, ...work });
    const context = { kernels: engines.kernels, signal: work.signal };
    const { model, kept, ended } = await continueModel(earlier, fresh, context);
    this.fitted = model;
    return { kept, ended };
  }

  /** Makes one concept of several, under the id of the first; an edit like others. */
  async mergeConcepts(concepts: readonly number[]): Promise<Edit> {
    return this.edit({ kind: "merge", concepts });
  }

  /** Concepts of concepts, cut from the kept tree at several levels. @throws InputError for levels out of range */
  async hierarchy(options: HierarchyOptions = {}): Promise<ConceptHierarchy> {
    return conceptHierarchy(this.fitted, { ...options, kernels: await this.kernels() });
  }

  /** Gives images in no concept to the concepts they are near; an edit like others. */
  async reduceOutliers(options: OutlierOptions, work: WorkOptions = {}): Promise<Edit> {
    return this.edit({ kind: "outliers", ...options }, work);
  }

  /** How much each image belongs to each concept: its strongest concepts, five at most. */
  async memberships(options: MembershipOptions = {}): Promise<Memberships> {
    return membershipsOf(this.fitted, options);
  }

  /** Keeps what was measured; edits, and those that can be made again, stay. */
  protected addStability(stability: Stability): void {
    this.state = withStability(this.fitted, stability);
  }

  protected async kernels(): Promise<DenseKernels> {
    return this.options.kernels ?? referenceKernels;
  }

  protected layoutOptimizer(): LayoutOptimizer {
    return this.options.optimizer ?? wasmLayoutOptimizer;
  }

  /** What the heavy steps run on. */
  protected async engines(): Promise<{ kernels: DenseKernels; optimizer: LayoutOptimizer }> {
    return { kernels: await this.kernels(), optimizer: this.layoutOptimizer() };
  }
}
