import { stat } from "node:fs/promises";
import path from "node:path";
import { knownStages } from "../../core/defaults.ts";
import type { EditRequest } from "../../core/edits/edit-request.ts";
import { baseOf } from "../../core/edits/plan-edit.ts";
import { ConceptError, InputError } from "../../core/errors.ts";
import type { ApiEvent } from "../../core/explorer/api.ts";
import type { FittedModel } from "../../core/model.ts";
import type { ConceptModel, ConceptModelOptions } from "../concept-model.ts";
import type { TabledModel } from "../saved-model/decode-model.ts";
import { loadSavedModel, loadTables, type ModelTables } from "../saved-model/load-model.ts";
import { systemErrorCode } from "../system-error.ts";
import { ApiFault, faultOf } from "./api-fault.ts";
import { ModelView, type ViewContext } from "./model-view.ts";
import { savedState } from "./saved-state.ts";
import { Thumbnails } from "./thumbnails.ts";
import { Turns } from "./turns.ts";

export interface SessionOptions extends ConceptModelOptions {
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
}

/** How often the folder is looked at for what others have done, in milliseconds. */
const LOOK_EVERY = 1000;
/** Milliseconds until the rest of the model is read, where nobody has asked for it: the first page shall have its map before. */
const REST_AFTER = 2000;
/** Concepts whose exemplars are looked at ahead of the first search. */
const PREPARED = 400;

/** A model all of which has been read and checked. */
interface WholeModel {
  readonly model: ConceptModel;
  readonly view: ModelView<FittedModel>;
}

/**
 * A saved model that many requests read and some change. Its tables are read first, which is all that a map needs; the rest, and
 * whether all of it agrees, follows. Edits are made one after the other, each written to the model's log before it is seen; what
 * other programs do to the saved model is noticed within a second.
 */
export class ExplorerSession {
  readonly folder: string;
  private readonly options: SessionOptions;
  private readonly turns = new Turns();
  private readonly listeners = new Set<(event: ApiEvent) => void>();
  private readonly closing = new AbortController();
  private readonly watch: NodeJS.Timeout;
  private seen: string | null;
  private isGone = false;
  private isPrepared = false;
  private tables: ModelTables | null;
  private shown: ModelView;
  private known: WholeModel | null = null;
  private completion: Promise<void> | null = null;
  private damage: Error | null = null;
  private drawn: Thumbnails | null = null;

  private constructor(folder: string, tables: ModelTables, seen: string | null, options: SessionOptions) {
    this.folder = folder;
    this.options = options;
    this.seen = seen;
    this.tables = tables;
    // All stages that a saved model may name keep the tree that recuts need.
    this.shown = this.look(tables.model, { hasWords: tables.hasWords, canRecut: true, undone: [] });
    this.watch = setInterval(() => void this.noticeOthers(), LOOK_EVERY).unref();
  }

  /**
   * Reads the tables of a model, and where it was edited, which needs it, all of it.
   *
   * @throws FormatError as `ConceptModel.load`; InputError when `root` is no folder
   */
  static async open(folder: string, options: SessionOptions = {}): Promise<ExplorerSession> {
    const { root } = options;
    if (root !== undefined) await requireFolder(root);
    const whole = path.resolve(folder);
    const seen = await savedState(whole);
    const tables = await loadTables(whole);
    const session = new ExplorerSession(whole, tables, seen, options);
    if (tables.isEdited) await session.wholeOrClosed();
    else setTimeout(() => void session.whole().catch(() => undefined), REST_AFTER).unref();
    return session;
  }

  /** What the page shows of the model as it was saved last. @throws as `assertSound` */
  get view(): ModelView {
    this.assertSound();
    return this.shown;
  }

  /** What pages are told once the model has turned out to be damaged; null before. */
  get damageEvent(): ApiEvent | null {
    return this.damage === null ? null : { kind: "damaged", error: faultOf(this.damage).answer };
  }

  /** @throws FormatError once the model has turned out to be damaged */
  assertSound(): void {
    if (this.damage !== null) throw this.damage;
  }

  /**
   * The model as it was saved last, all of it; waits for what is still being read and checked.
   *
   * @throws FormatError as `ConceptModel.load`
   */
  async whole(): Promise<WholeModel> {
    this.completion ??= this.turns.run(() => this.complete());
    await this.completion;
    return this.known!;
  }

  async wholeView(): Promise<ModelView<FittedModel>> {
    return (await this.whole()).view;
  }

  /** Aborted when the session closes. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** Thumbnails of the present collection, drawn in the background from the first call on; null for a model made from vectors. */
  get thumbnails(): Thumbnails | null {
    const { view } = this;
    if (this.drawn?.collection === view.collection) return this.drawn;
    void this.drawn?.close();
    this.drawn = view.root === null ? null : new Thumbnails(view, this.folder, (event) => this.tell(event));
    return this.drawn;
  }

  /** Reads the rest of the model, loads the embedding model and works out what all searches need, ahead of the first. */
  async prepare(): Promise<void> {
    if (this.isPrepared) return;
    this.isPrepared = true;
    try {
      const { model } = await this.whole();
      if (!this.embeds(model.fitted)) return;
      await model.search("picture", { topN: PREPARED, minRelevance: 0, signal: this.signal });
    } catch {
      // Whoever needs it is told why it cannot be had.
    }
  }

  /** @returns what ends the listening */
  listen(listener: (event: ApiEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws ApiFault (409) when the model has another revision; InputError when the request does not fit it */
  edit(revision: string, request: EditRequest): Promise<ModelView> {
    return this.change(revision, async (model) => {
      await model.edit(request);
    });
  }

  /** @throws ApiFault (409) when the model has another revision, or there is nothing to undo */
  undo(revision: string): Promise<ModelView> {
    return this.change(revision, async (model) => {
      if (model.undo() === null) throw nothingTo("undo");
    });
  }

  /** @throws ApiFault (409) when the model has another revision, or there is nothing to redo */
  redo(revision: string): Promise<ModelView> {
    return this.change(revision, async (model) => {
      if (model.redo() === null) throw nothingTo("redo");
    });
  }

  /** Tells all pages that listen. */
  tell(event: ApiEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  async close(): Promise<void> {
    this.closing.abort(new Error("The explorer was closed"));
    clearInterval(this.watch);
    this.listeners.clear();
    await this.drawn?.close();
    const { known } = this;
    // Without one nothing is open; what is still being read ends by itself.
    if (known !== null) await this.turns.run(() => known.model.close());
  }

  private async wholeOrClosed(): Promise<void> {
    try {
      await this.whole();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Reads what the tables did not tell. Where that is damaged, nothing that they told can be trusted either. */
  private async complete(): Promise<void> {
    const { root: _, ...options } = this.options;
    const state = await savedState(this.folder);
    try {
      const work = { tables: this.tables ?? undefined, signal: this.signal };
      const loaded = await loadSavedModel(this.folder, knownStages(), work);
      // Much that the map does not need comes with it.
      const { ConceptModel } = await import("../concept-model.ts");
      this.signal.throwIfAborted();
      this.tables = null;
      this.seen = state;
      this.publish(ConceptModel.ofSaved(this.folder, loaded, options));
    } catch (error) {
      if (this.signal.aborted) throw error;
      if ((await savedState(this.folder)) === null) {
        // It may come back.
        this.completion = null;
        throw modelGone();
      }
      this.damage = error instanceof Error ? error : new Error(String(error));
      this.tell(this.damageEvent!);
      throw error;
    }
  }

  private async change(revision: string, make: (model: ConceptModel) => Promise<void>): Promise<ModelView> {
    const { model } = await this.whole();
    return this.turns.run(async () => {
      if (revision !== this.shown.revision) throw conflict(this.shown.revision);
      await make(model);
      await this.save(model);
      return this.publish(model);
    });
  }

  private async save(model: ConceptModel): Promise<void> {
    try {
      await model.saveEdits();
      this.seen = await savedState(this.folder);
    } catch (error) {
      await this.takeBack(model);
      if (error instanceof ConceptError && error.code === "EDITED_ELSEWHERE") {
        throw conflict(this.publish(model).revision);
      }
      if ((await savedState(this.folder)) === null) throw modelGone();
      // The disk is to blame, not the request.
      throw error instanceof InputError && systemErrorCode(error.cause) !== "" ? error.cause : error;
    }
  }

  /** What could not be saved is not to be seen: what is on the disk counts, or where that is gone, what was there. */
  private async takeBack(model: ConceptModel): Promise<void> {
    const state = await savedState(this.folder);
    try {
      await model.reload();
      this.seen = state;
    } catch {
      model.forgetUnsavedEdits();
    }
  }

  private publish(model: ConceptModel): ModelView {
    const { fitted, undoneEdits } = model;
    const before = this.shown;
    const view = this.look(fitted, {
      hasWords: fitted.vocabulary !== null,
      canRecut: fitted.clusterer.recut !== undefined || baseOf(fitted).clusterer.recut !== undefined,
      undone: undoneEdits,
    });
    this.known = { model, view };
    this.shown = view;
    const { revision, collection } = view;
    if (revision !== before.revision) this.tell({ kind: "revision", revision, collection });
    return view;
  }

  private look<Model extends TabledModel>(
    model: Model,
    about: Pick<ViewContext, "canRecut" | "undone"> & { readonly hasWords: boolean },
  ): ModelView<Model> {
    const { hasWords, ...rest } = about;
    const { root } = model.images;
    const embeds = this.embeds(model);
    const context = {
      ...rest,
      name: path.basename(this.folder).replace(/\.concept$/, ""),
      root: root === null ? null : path.resolve(this.options.root ?? root),
      searches: { words: embeds || hasWords, pictures: embeds },
    };
    return new ModelView(model, context, this.shown);
  }

  private embeds({ embedder }: TabledModel): boolean {
    return embedder !== null || this.options.embeddingModel !== undefined;
  }

  private async noticeOthers(): Promise<void> {
    if ((await savedState(this.folder)) === this.seen) return;
    try {
      const { model } = await this.whole();
      await this.turns.run(async () => {
        const state = await savedState(this.folder);
        if (this.signal.aborted || state === this.seen) return;
        await model.reload();
        this.isGone = false;
        this.seen = state;
        this.publish(model);
      });
    } catch {
      // Deleted, or just being replaced: it is looked at again.
      const isGone = (await savedState(this.folder)) === null;
      if (isGone && !this.isGone) this.tell({ kind: "gone" });
      this.isGone = isGone;
    }
  }
}

async function requireFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => null);
  if (stats?.isDirectory() === true) return;
  const found = stats === null ? "nothing" : "something else";
  throw new InputError(`There is no folder ${folder}`, { expected: "the folder of the pictures", found });
}

function conflict(revision: string): ApiFault {
  return new ApiFault(409, {
    code: "EDITED_ELSEWHERE",
    message: "The model has been edited in the meantime",
    hint: "Look at it as it is now, and edit that.",
    revision,
  });
}

function nothingTo(what: "undo" | "redo"): ApiFault {
  return new ApiFault(409, { code: "NOTHING_LEFT", message: `There is nothing to ${what}` });
}

function modelGone(): ApiFault {
  return new ApiFault(410, {
    code: "MODEL_GONE",
    message: "The model's folder is not there any more",
    hint: "Put it back, or close the explorer.",
  });
}
