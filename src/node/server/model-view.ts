import { createHash, randomBytes } from "node:crypto";
import { stabilities } from "../../core/compare/stability-badge.ts";
import { labelFault } from "../../core/concepts/names.ts";
import { groupingAfter } from "../../core/edits/apply-edits.ts";
import type { Edit } from "../../core/edits/edit.ts";
import { type ConceptNames, editTitle } from "../../core/edits/edit-title.ts";
import { editsOf } from "../../core/edits/plan-edit.ts";
import type { ApiConcept, ApiModel } from "../../core/explorer/api.ts";
import { type Concept, countOutliers, type ImageTable, type Shaping } from "../../core/model.ts";
import type { TabledModel } from "../saved-model/decode-model.ts";
import { encodeEdit } from "../saved-model/edit-log-format.ts";
import { sheetLevels } from "../thumbnails/sheet-layout.ts";
import { KeptAnswer } from "./kept-answer.ts";
import { middlePlaces } from "./middle-places.ts";

/** What is known of a model beside its fitted state. */
export interface ViewContext {
  readonly name: string;
  /** Where the pictures are; null for none. */
  readonly root: string | null;
  /** The one undone last is the last. */
  readonly undone: readonly Edit[];
  readonly searches: ApiModel["searches"];
  readonly canRecut: boolean;
}

/** A model at one revision, or what its tables tell of it. What is made of it is kept as long as it is. */
export class ModelView<Model extends TabledModel = TabledModel> {
  readonly fitted: Model;
  readonly revision: string;
  readonly collection: string;
  readonly root: string | null;
  private readonly context: ViewContext;
  private readonly answers: Map<string, Promise<KeptAnswer>>;

  /** @param before what was seen before: where it is of the same revision, what was made of it is kept */
  constructor(fitted: Model, context: ViewContext, before?: ModelView) {
    this.fitted = fitted;
    this.context = context;
    this.root = context.root;
    this.collection = collectionOf(fitted);
    this.revision = revisionOf(this.collection, editsOf(fitted), context.undone);
    this.answers = before?.revision === this.revision ? before.answers : new Map();
  }

  get name(): string {
    return this.context.name;
  }

  /** How many there are. */
  get images(): number {
    return this.fitted.images.paths.length;
  }

  /** An answer that is made when it is first asked for. */
  answer(name: string, make: () => KeptAnswer | Promise<KeptAnswer>): Promise<KeptAnswer> {
    const known = this.answers.get(name);
    if (known !== undefined) return known;
    const made = Promise.resolve().then(make);
    this.answers.set(name, made);
    made.catch(() => this.answers.delete(name));
    return made;
  }

  modelAnswer(): Promise<KeptAnswer> {
    return this.answer("model", () => KeptAnswer.json(this.describe(), this.revision));
  }

  describe(): ApiModel {
    const { fitted, context } = this;
    const { images, shaping } = fitted;
    const undone = context.undone.at(-1);
    return {
      name: context.name,
      revision: this.revision,
      collection: this.collection,
      images: this.images,
      outliers: countOutliers(images),
      concepts: describeConcepts(fitted),
      columns: images.columns.map(({ name, type }) => ({ name, type })),
      hasCaptions: images.captions !== null,
      hasPictures: this.root !== null,
      searches: context.searches,
      canRecut: context.canRecut,
      minConceptSize: minConceptSize(fitted),
      undo: shaping === undefined ? null : editTitle(shaping.edits.at(-1)!, namesBeforeLast(shaping)),
      redo: undone === undefined ? null : editTitle(undone, namesOf(fitted.concepts)),
      sheets: this.root === null ? [] : sheetLevels(this.images),
    };
  }
}

/** What the concepts were called before the last edit: a merge or a new name leaves no trace of them. */
function namesBeforeLast({ base, edits }: Shaping): ConceptNames {
  const { entries } = groupingAfter(base, edits.slice(0, -1));
  return (id) => entries.get(id)?.name;
}

function namesOf(concepts: readonly Concept[]): ConceptNames {
  return (id) => concepts.find((concept) => concept.id === id)?.name;
}

/** That of the last recut, where it says one, else that of the fit. */
function minConceptSize(fitted: TabledModel): number {
  const recut = editsOf(fitted).findLast((edit) => edit.kind === "recut");
  return recut?.cut.minClusterSize ?? fitted.parameters.minConceptSize;
}

function describeConcepts(fitted: TabledModel): ApiConcept[] {
  const stability = stabilities(fitted);
  const middles = middlePlaces(fitted.images);
  return fitted.concepts.map((concept) => {
    const { id, name, size, words } = concept;
    const [x, y] = middles.get(id) ?? [0, 0];
    return {
      id,
      name,
      size,
      words: words.map(({ word, score, auc, precision }) => ({ word, score, auc, precision })),
      exemplars: Array.from(concept.exemplars),
      pinned: concept.pinned === true,
      hidden: concept.hidden === true,
      renamed: concept.renamed === true,
      ...(concept.namedBy === undefined ? {} : { namedBy: concept.namedBy }),
      unclear: concept.renamed !== true && labelFault(words) !== null,
      stability: stability.get(id) ?? null,
      x,
      y,
    };
  });
}

const COLLECTIONS = new WeakMap<ImageTable, string>();
const HASHES = new WeakMap<Edit, string>();

/** Names a fit for as long as its table of images is in memory. */
function collectionOf({ images, shaping }: TabledModel): string {
  const table = shaping?.base.images ?? images;
  const name = COLLECTIONS.get(table) ?? randomBytes(6).toString("hex");
  COLLECTIONS.set(table, name);
  return name;
}

/** Names what edits have made of a fit, and what could be made again. */
function revisionOf(collection: string, edits: readonly Edit[], undone: readonly Edit[]): string {
  const hash = createHash("sha256");
  for (const edit of edits) hash.update(hashOf(edit));
  hash.update("|");
  for (const edit of undone) hash.update(hashOf(edit));
  return `${collection}-${hash.digest("hex").slice(0, 12)}`;
}

function hashOf(edit: Edit): string {
  const hash = HASHES.get(edit) ?? createHash("sha256").update(encodeEdit(edit)).digest("hex");
  HASHES.set(edit, hash);
  return hash;
}
