import type { ScoredWord } from "../model.ts";
import type { ClusterCut } from "../stages.ts";

/**
 * Names a picture wherever it stands in the table: its content id, with its path where several pictures have that id.
 */
export type PictureKey = string | readonly [id: string, path: string];

/** What a concept that an edit made is called and described by. */
export interface ConceptDraft {
  readonly concept: number;
  readonly name: string;
  /** Whether a person or a language model gave the name. */
  readonly renamed: boolean;
  /** That language model, where the name comes from another fit; else the edit that gave the name tells. */
  readonly namedBy?: string | undefined;
  readonly words: readonly ScoredWord[];
}

/** How pictures in no concept are given to one. */
export type OutlierStrategy = "membership" | "exemplar" | "neighbors";

/** Pictures that were in no concept and where they went: `concepts[i]` and `strengths[i]` are those of `pictures[i]`. */
export interface ReducedOutliers {
  readonly strategy: OutlierStrategy;
  readonly threshold: number;
  readonly pictures: readonly PictureKey[];
  readonly concepts: readonly number[];
  /** 0 to 1 */
  readonly strengths: readonly number[];
}

/** Cuts the kept hierarchy anew. Concepts that are pinned, and pictures moved by hand, stay. */
export interface RecutEdit {
  readonly kind: "recut";
  readonly cut: ClusterCut;
  /** For each label of the cut the concept that its pictures go to, -1 for none. */
  readonly owners: readonly number[];
  /** The concepts that are not pinned. */
  readonly concepts: readonly ConceptDraft[];
  /** Outliers of the cut that were given to concepts at once. */
  readonly outliers?: ReducedOutliers | undefined;
}

/** The concepts become one, under the id of the first. */
export interface MergeEdit {
  readonly kind: "merge";
  readonly concepts: readonly number[];
  readonly result: ConceptDraft;
}

/** A concept loses pictures to new ones. */
export interface SplitEdit {
  readonly kind: "split";
  /** What is left of it keeps its id. */
  readonly rest: ConceptDraft;
  readonly parts: readonly { readonly draft: ConceptDraft; readonly pictures: readonly PictureKey[] }[];
}

export interface RenameEdit {
  readonly kind: "rename";
  readonly concept: number;
  readonly name: string;
  /** The language model that gave the name; absent where a person did. */
  readonly namedBy?: string | undefined;
}

export interface PinEdit {
  readonly kind: "pin";
  readonly concept: number;
  readonly pinned: boolean;
}

export interface HideEdit {
  readonly kind: "hide";
  readonly concept: number;
  readonly hidden: boolean;
}

/** Puts pictures into a concept (an id), a new one (a draft) or none (null), by hand. */
export interface MoveEdit {
  readonly kind: "move";
  readonly pictures: readonly PictureKey[];
  readonly to: number | ConceptDraft | null;
}

export interface OutliersEdit extends ReducedOutliers {
  readonly kind: "outliers";
}

/** The first edit of a refit: gives the concepts the ids, names and marks that they had in an earlier model. */
export interface CarryEdit {
  readonly kind: "carry";
  /** What the concepts of the fit are to be, in the fit's order. */
  readonly concepts: readonly ConceptDraft[];
  /** Ids of those that are pinned, and hidden. */
  readonly pinned: readonly number[];
  readonly hidden: readonly number[];
  /** Above every id that the earlier model ever gave. */
  readonly next: number;
}

/**
 * One change to a fitted model, with its outcome: applying it computes nothing that another version of this package
 * could compute otherwise.
 */
export type Edit =
  | RecutEdit
  | MergeEdit
  | SplitEdit
  | RenameEdit
  | PinEdit
  | HideEdit
  | MoveEdit
  | OutliersEdit
  | CarryEdit;
