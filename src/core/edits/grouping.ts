import { InputError } from "../errors.ts";
import type { FittedModel, ScoredWord } from "../model.ts";
import type { FittedClusterer } from "../stages.ts";
import type { ConceptDraft } from "./edit.ts";
import { PictureIndex } from "./picture-keys.ts";

/** What is said of a concept, beside the pictures in it. */
export interface ConceptEntry {
  name: string;
  renamed: boolean;
  pinned: boolean;
  hidden: boolean;
  words: readonly ScoredWord[];
}

/**
 * The concepts of a model while edits are applied to them: which picture is where, and what the concepts are called. Only
 * `applyEdits` makes one and it never leaves there; the arrays are its own.
 */
export class Grouping {
  readonly base: FittedModel;
  clusterer: FittedClusterer;
  /** Concept of each picture, -1 for none. */
  readonly concepts: Int32Array;
  readonly probabilities: Float32Array;
  /** 1 for pictures that a person put where they are. */
  readonly byHand: Uint8Array;
  readonly entries: Map<number, ConceptEntry>;
  /** Id in the fit of each concept that has one. */
  readonly baseIds: Map<number, number>;
  /** Above every id that was ever given. */
  nextId: number;
  /** Every id that was ever given. */
  private readonly givenIds: Set<number>;
  /** For names that language models gave, which one. */
  private readonly namers = new Map<string, string>();
  /** Edits applied so far. */
  editCount = 0;
  private pictureIndex: PictureIndex | null = null;

  constructor(base: FittedModel) {
    this.base = base;
    this.clusterer = base.clusterer;
    this.concepts = base.images.concepts.slice();
    this.probabilities = base.images.probabilities.slice();
    this.byHand = new Uint8Array(this.concepts.length);
    this.entries = new Map(
      base.concepts.map(({ id, name, words }) => [
        id,
        { name, words, renamed: false, pinned: false, hidden: false },
      ]),
    );
    this.baseIds = new Map(base.concepts.map(({ id }) => [id, id]));
    this.givenIds = new Set(this.entries.keys());
    // Edits made while concepts that have gone were there may name these: they are free for them, but not for others.
    const ids = [...this.entries.keys(), ...(base.goneConcepts ?? [])];
    this.nextId = ids.reduce((next, id) => Math.max(next, id + 1), 0);
  }

  get pictures(): PictureIndex {
    this.pictureIndex ??= new PictureIndex(this.base.images);
    return this.pictureIndex;
  }

  /** @throws InputError when there is no such concept */
  entry(id: number): ConceptEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) {
      throw new InputError(`There is no concept ${id}`, {
        expected: "the id of a concept as it is at this point",
        found: String(id),
        hint: "concept info MODEL lists them.",
      });
    }
    return entry;
  }

  /** Adds a concept under an id that was never given. @throws InputError when it was */
  add(draft: ConceptDraft): ConceptEntry {
    if (this.givenIds.has(draft.concept)) {
      throw new InputError("A new concept needs an id that was never given", {
        expected: `${this.nextId} or more`,
        found: String(draft.concept),
      });
    }
    this.givenIds.add(draft.concept);
    this.nextId = Math.max(this.nextId, draft.concept + 1);
    const entry = { name: "", words: [], renamed: false, pinned: false, hidden: false };
    this.entries.set(draft.concept, entry);
    return this.describe(draft);
  }

  /** Gives a concept name and words. @throws InputError when another has that name */
  describe(draft: ConceptDraft): ConceptEntry {
    const entry = this.entry(draft.concept);
    this.rename(draft.concept, draft.name);
    entry.renamed = draft.renamed;
    if (draft.namedBy !== undefined) this.tellNamer(draft.name, draft.namedBy);
    entry.words = draft.words;
    return entry;
  }

  /** A name goes on with merges, splits and cuts: who gave it is known by the name itself. */
  tellNamer(name: string, namedBy: string | undefined): void {
    if (namedBy === undefined) this.namers.delete(name);
    else this.namers.set(name, namedBy);
  }

  /** The language model that gave a concept its name, if one did. */
  namerOf({ name, renamed }: ConceptEntry): string | undefined {
    return renamed ? this.namers.get(name) : undefined;
  }

  /** @throws InputError when another concept has that name */
  rename(id: number, name: string): void {
    for (const [other, entry] of this.entries) {
      if (other !== id && entry.name === name) {
        throw new InputError(`Concept ${other} is called "${name}" already`, {
          expected: "a name of its own for each concept",
          hint: `Choose another name, or merge the two.`,
        });
      }
    }
    this.entry(id).name = name;
  }

  /** Forgets all concepts and their ids, for others to be added. */
  startAgain(nextId: number): void {
    this.entries.clear();
    this.baseIds.clear();
    this.givenIds.clear();
    this.nextId = nextId;
  }

  remove(id: number): void {
    this.entries.delete(id);
    this.baseIds.delete(id);
  }

  /** Takes concepts away that have no pictures left. */
  removeEmpty(): void {
    const filled = new Set(this.concepts);
    for (const id of [...this.entries.keys()]) if (!filled.has(id)) this.remove(id);
  }

  /** For each label the concept that holds most of its pictures, -1 for none; of equals the lower id. */
  conceptOfLabel(): Int32Array {
    const { labels, clusterCount } = this.clusterer;
    const counts = Array.from({ length: clusterCount }, () => new Map<number, number>());
    labels.forEach((label, row) => {
      if (label === -1) return;
      const concept = this.concepts[row]!;
      counts[label]!.set(concept, (counts[label]!.get(concept) ?? 0) + 1);
    });
    return Int32Array.from(counts, (map) => {
      const ranked = [...map].sort(([a, x], [b, y]) => y - x || a - b);
      return ranked[0]?.[0] ?? -1;
    });
  }

  /** Ids, largest concept first. */
  idsBySize(): { readonly ids: readonly number[]; readonly sizeOf: ReadonlyMap<number, number> } {
    const sizeOf = new Map([...this.entries.keys()].map((id) => [id, 0]));
    for (const id of this.concepts) if (id !== -1) sizeOf.set(id, sizeOf.get(id)! + 1);
    const ids = [...sizeOf.keys()].sort((a, b) => sizeOf.get(b)! - sizeOf.get(a)! || a - b);
    return { ids, sizeOf };
  }
}
