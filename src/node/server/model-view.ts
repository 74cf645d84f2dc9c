import { createHash, randomBytes } from "node:crypto";
import { stabilities } from "../../core/compare/stability-badge.ts";
import { labelFault } from "../../core/concepts/names.ts";
import { groupingAfter } from "../../core/edits/apply-edits.ts";
import type { Edit } from "../../core/edits/edit.ts";
import { type ConceptNames, editTitle } from "../../core/edits/edit-title.ts";
import { baseOf, editsOf } from "../../core/edits/plan-edit.ts";
import type { ApiConcept, ApiModel } from "../../core/explorer/api.ts";
import { type Concept, countOutliers, type FittedModel } from "../../core/model.ts";
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
}

/** A model at one revision. What is made of it is kept as long as it is. */
export class ModelView {
  readonly fitted: FittedModel;
  readonly revision: string;
  readonly collection: string;
  readonly root: string | null;
  private readonly context: ViewContext;
  private readonly answers = new Map<string, Promise<KeptAnswer>>();

  constructor(fitted: FittedModel, context: ViewContext) {
    this.fitted = fitted;
    this.context = context;
    this.root = context.root;
    this.collection = collectionOf(fitted);
    this.revision = revisionOf(this.collection, editsOf(fitted), context.undone);
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
    const { images, clusterer } = fitted;
    const last = editsOf(fitted).at(-1);
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
      canRecut: clusterer.recut !== undefined || baseOf(fitted).clusterer.recut !== undefined,
      minConceptSize: minConceptSize(fitted),
      undo: last === undefined ? null : editTitle(last, namesBeforeLast(fitted)),
      redo: undone === undefined ? null : editTitle(undone, namesOf(fitted.concepts)),
      sheets: this.root === null ? [] : sheetLevels(this.images),
    };
  }
}

/** What the concepts were called before the last edit: a merge or a new name leaves no trace of them. */
function namesBeforeLast(fitted: FittedModel): ConceptNames {
  const { entries } = groupingAfter(baseOf(fitted), editsOf(fitted).slice(0, -1));
  return (id) => entries.get(id)?.name;
}

function namesOf(concepts: readonly Concept[]): ConceptNames {
  return (id) => concepts.find((concept) => concept.id === id)?.name;
}

/** That of the last recut, where it says one, else that of the fit. */
function minConceptSize(fitted: FittedModel): number {
  const recut = editsOf(fitted).findLast((edit) => edit.kind === "recut");
  return recut?.cut.minClusterSize ?? fitted.parameters.minConceptSize;
}

function describeConcepts(fitted: FittedModel): ApiConcept[] {
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

const COLLECTIONS = new WeakMap<FittedModel, string>();
const HASHES = new WeakMap<Edit, string>();

/** Names a fit for as long as it is in memory. */
function collectionOf(fitted: FittedModel): string {
  const base = baseOf(fitted);
  const name = COLLECTIONS.get(base) ?? randomBytes(6).toString("hex");
  COLLECTIONS.set(base, name);
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
