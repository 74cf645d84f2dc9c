import { stat } from "node:fs/promises";
import path from "node:path";
import type { EditRequest } from "../../core/edits/edit-request.ts";
import { ConceptError, InputError } from "../../core/errors.ts";
import type { ApiEvent } from "../../core/explorer/api.ts";
import { ConceptModel, type ConceptModelOptions } from "../concept-model.ts";
import { systemErrorCode } from "../system-error.ts";
import { ApiFault } from "./api-fault.ts";
import { ModelView } from "./model-view.ts";
import { savedState } from "./saved-state.ts";
import { Thumbnails } from "./thumbnails.ts";
import { Turns } from "./turns.ts";

export interface SessionOptions extends ConceptModelOptions {
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
}

/** How often the folder is looked at for what others have done, in milliseconds. */
const LOOK_EVERY = 1000;
/** Concepts whose exemplars are looked at ahead of the first search. */
const PREPARED = 400;

/**
 * A saved model that many requests read and some change. Edits are made one after the other, each written to the model's log before
 * it is seen; what other programs do to the saved model is noticed within a second.
 */
export class ExplorerSession {
  readonly folder: string;
  readonly model: ConceptModel;
  private readonly options: SessionOptions;
  private readonly turns = new Turns();
  private readonly listeners = new Set<(event: ApiEvent) => void>();
  private readonly closing = new AbortController();
  private readonly watch: NodeJS.Timeout;
  private seen: string | null = null;
  private isGone = false;
  private isPrepared = false;
  private current: ModelView;
  private drawn: Thumbnails | null = null;

  private constructor(folder: string, model: ConceptModel, options: SessionOptions) {
    this.folder = folder;
    this.model = model;
    this.options = options;
    this.current = this.look();
    this.watch = setInterval(() => void this.noticeOthers(), LOOK_EVERY).unref();
  }

  /** @throws FormatError as `ConceptModel.load`; InputError when `root` is no folder */
  static async open(folder: string, options: SessionOptions = {}): Promise<ExplorerSession> {
    const { root, ...modelOptions } = options;
    if (root !== undefined) await requireFolder(root);
    const whole = path.resolve(folder);
    const seen = await savedState(whole);
    const model = await ConceptModel.load(whole, modelOptions);
    const session = new ExplorerSession(whole, model, { ...options, root });
    session.seen = seen;
    return session;
  }

  /** The model as it was saved last. */
  get view(): ModelView {
    return this.current;
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

  /** Loads the embedding model, and works out what all searches need, ahead of the first: it then need not wait for that. */
  prepareSearches(): void {
    const { fitted } = this.view;
    if (this.isPrepared || (fitted.embedder === null && this.options.embeddingModel === undefined)) return;
    this.isPrepared = true;
    const options = { topN: PREPARED, minRelevance: 0, signal: this.signal };
    // Whoever searches is told why it cannot be had.
    this.model.search("picture", options).catch(() => undefined);
  }

  /** @returns what ends the listening */
  listen(listener: (event: ApiEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws ApiFault (409) when the model has another revision; InputError when the request does not fit it */
  edit(revision: string, request: EditRequest): Promise<ModelView> {
    return this.change(revision, async () => {
      await this.model.edit(request);
    });
  }

  /** @throws ApiFault (409) when the model has another revision, or there is nothing to undo */
  undo(revision: string): Promise<ModelView> {
    return this.change(revision, async () => {
      if (this.model.undo() === null) throw nothingTo("undo");
    });
  }

  /** @throws ApiFault (409) when the model has another revision, or there is nothing to redo */
  redo(revision: string): Promise<ModelView> {
    return this.change(revision, async () => {
      if (this.model.redo() === null) throw nothingTo("redo");
    });
  }

  async close(): Promise<void> {
    this.closing.abort(new Error("The explorer was closed"));
    clearInterval(this.watch);
    this.listeners.clear();
    await this.drawn?.close();
    await this.turns.run(() => this.model.close());
  }

  private change(revision: string, make: () => Promise<void>): Promise<ModelView> {
    return this.turns.run(async () => {
      if (revision !== this.current.revision) throw conflict(this.current.revision);
      await make();
      await this.save();
      return this.publish();
    });
  }

  private async save(): Promise<void> {
    try {
      await this.model.saveEdits();
      this.seen = await savedState(this.folder);
    } catch (error) {
      await this.takeBack();
      if (error instanceof ConceptError && error.code === "EDITED_ELSEWHERE") {
        throw conflict(this.publish().revision);
      }
      throw ["ENOENT", "ENOTDIR"].includes(systemErrorCode(error)) ? modelGone() : error;
    }
  }

  /** What could not be saved is not to be seen: what is on the disk counts, or where that is gone, what was there. */
  private async takeBack(): Promise<void> {
    const state = await savedState(this.folder);
    try {
      await this.model.reload();
      this.seen = state;
    } catch {
      this.model.forgetUnsavedEdits();
    }
  }

  private publish(): ModelView {
    const before = this.current.revision;
    const view = this.look();
    if (view.revision === before) return this.current;
    this.current = view;
    this.tell({ kind: "revision", revision: view.revision, collection: view.collection });
    return view;
  }

  private look(): ModelView {
    const { fitted } = this.model;
    const embeds = fitted.embedder !== null || this.options.embeddingModel !== undefined;
    return new ModelView(fitted, {
      name: path.basename(this.folder).replace(/\.concept$/, ""),
      root: fitted.images.root === null ? null : path.resolve(this.options.root ?? fitted.images.root),
      undone: this.model.undoneEdits,
      searches: { words: embeds || fitted.vocabulary !== null, pictures: embeds },
    });
  }

  private tell(event: ApiEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private async noticeOthers(): Promise<void> {
    if ((await savedState(this.folder)) === this.seen) return;
    await this.turns.run(async () => {
      const state = await savedState(this.folder);
      if (this.signal.aborted || state === this.seen) return;
      try {
        await this.model.reload();
        this.isGone = false;
        this.seen = state;
        this.publish();
      } catch {
        // Deleted, or just being replaced: it is looked at again.
        if (state === null && !this.isGone) this.tell({ kind: "gone" });
        this.isGone = state === null;
      }
    });
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
    message: "The model's folder is not there any more, so that nothing can be saved",
    hint: "Put it back, or close the explorer.",
  });
}
