import type { OutlierStrategy } from "./edit.ts";

/** A picture of the model: its row, or its path or id. */
export type PictureName = number | string;

export interface RecutOptions {
  /** Exactly so many concepts, those that are pinned counted; at least 2. Default: as many as the other options give. */
  readonly concepts?: number | undefined;
  /**
   * Smallest group that counts as a concept, at least 2. Default: as in the fit; with `concepts`, the largest size up to that
   * which gives so many.
   */
  readonly minConceptSize?: number | undefined;
  /** `"eom"`: the groups that last longest over all densities; `"leaf"`: the finest. Default: as in the fit. */
  readonly method?: "eom" | "leaf" | undefined;
  /** Groups that split below this distance stay together, at least 0; not with `concepts`. Default: as in the fit. */
  readonly epsilon?: number | undefined;
  /** Gives outliers to concepts; default: as it was done last, if it was; `"none"` not to. */
  readonly reduceOutliers?: OutlierStrategy | "none" | undefined;
  /** As for `OutlierOptions`. */
  readonly threshold?: number | undefined;
}

export interface OutlierOptions {
  /**
   * `"membership"`: to the concept of greatest soft membership; `"exemplar"`: to that of the most similar exemplar;
   * `"neighbors"`: to that of most of its nearest neighbours.
   */
  readonly strategy: OutlierStrategy;
  /**
   * Least strength, 0 to 1, of a picture that leaves the outliers: its membership, its cosine similarity to the exemplar, or the
   * share of its neighbours in the concept. Default 0.01, 0.75 and 0.3.
   */
  readonly threshold?: number | undefined;
}

/** What a person asks to be changed; `planEdit` works out what that means for a model. */
export type EditRequest =
  | ({ readonly kind: "recut" } & RecutOptions)
  | {
      readonly kind: "merge";
      /** Two ids or more; the first is kept. */
      readonly concepts: readonly number[];
    }
  | {
      readonly kind: "split";
      readonly concept: number;
      /** Number of parts, at least 2; default: the two parts of its tree. */
      readonly into?: number | undefined;
    }
  | {
      readonly kind: "rename";
      readonly concept: number;
      readonly name: string;
      /** The language model that gives the name; default: a person does. */
      readonly namedBy?: string | undefined;
    }
  | { readonly kind: "pin"; readonly concept: number; readonly pinned?: boolean | undefined }
  | { readonly kind: "hide"; readonly concept: number; readonly hidden?: boolean | undefined }
  | {
      readonly kind: "move";
      readonly pictures: readonly PictureName[];
      /** The id of a concept, `"none"` or `"new"`. */
      readonly to: number | "none" | "new";
    }
  | ({ readonly kind: "outliers" } & OutlierOptions);
