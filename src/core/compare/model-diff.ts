import { InputError } from "../errors.ts";
import type { Concept, FittedModel, ImageTable } from "../model.ts";
import { type ConceptLink, conceptPlaces, countOverlaps, linkConcepts } from "./concept-links.ts";
import { type PicturePairs, pairPictures } from "./picture-pairs.ts";
import { linkByVectors } from "./vector-links.ts";

/** A concept as a diff tells of it. */
export interface DiffConcept {
  readonly id: number;
  readonly name: string;
  /** All its pictures. */
  readonly size: number;
  /** Of these, how many the other collection has too. */
  readonly kept: number;
}

/** A concept that went on as one concept. */
export interface ContinuedConcept {
  readonly before: DiffConcept;
  readonly after: DiffConcept;
  /** Pictures in both; 0 where concepts were matched by vectors. */
  readonly shared: number;
  /** `"grown"` and `"shrunk"` by more than a tenth; `"same"` where neither. */
  readonly change: "same" | "grown" | "shrunk";
  readonly isRenamed: boolean;
  /** Centred cosine of the concept vectors, -1 to 1; only where concepts were matched by vectors. */
  readonly similarity?: number | undefined;
}

/** A concept beside another one, with the pictures they share. */
export interface SharingConcept extends DiffConcept {
  readonly shared: number;
}

/** A concept that is most of what became of a part of another one. */
export interface SplitConcept {
  readonly before: DiffConcept;
  /** Two or more, most shared first. */
  readonly into: readonly SharingConcept[];
}

export interface MergedConcept {
  readonly after: DiffConcept;
  /** Two or more, most shared first. */
  readonly from: readonly SharingConcept[];
}

/** A concept that is in one model only. */
export interface LoneConcept extends DiffConcept {
  /** Of its pictures in the other collection, how many are in no concept there. */
  readonly unassigned: number;
}

/** What became of the pictures; lists hold paths as the models have them. */
export interface PictureChanges {
  readonly before: number;
  readonly after: number;
  readonly shared: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The same file at another path. */
  readonly relocated: readonly { readonly from: string; readonly to: string }[];
  /** Pictures whose concept after is not what their concept before went on as; ids, -1 for none. Paths of the later model. */
  readonly moved: readonly { readonly path: string; readonly from: number; readonly to: number }[];
}

/** What changed between two models; see `diffModels`. */
export interface ModelDiff {
  /** `"pictures"` that both collections have, or `"vectors"` of the concepts, where there are none. */
  readonly matchedBy: "pictures" | "vectors";
  readonly pictures: PictureChanges;
  /** By size before, as are `split` and `died`. */
  readonly continued: readonly ContinuedConcept[];
  readonly split: readonly SplitConcept[];
  /** By size after, as is `born`. */
  readonly merged: readonly MergedConcept[];
  readonly born: readonly LoneConcept[];
  readonly died: readonly LoneConcept[];
}

/** What a diff looks at. */
export interface DiffableModel extends Pick<FittedModel, "concepts" | "conceptVectors" | "embedder"> {
  readonly images: Pick<ImageTable, "ids" | "paths" | "concepts">;
}

/** Sizes that differ by less than this share of the earlier one count as the same. */
const TOLERANCE = 0.1;

/**
 * What became of the concepts of a model in another model of an overlapping collection. Pictures are matched by content (by name
 * where a model has no content hashes), concepts by the pictures they share; see `linkConcepts`. A concept can be in a split
 * and in a merger at once. Without a picture in common concepts are matched by their vectors, and the result says so.
 *
 * @throws InputError when the collections share no picture and the models no embedder
 */
export function diffModels(before: DiffableModel, after: DiffableModel): ModelDiff {
  const pairs = pairPictures(before.images, after.images);
  const matchedBy = pairs.count > 0 ? "pictures" : "vectors";
  if (matchedBy === "vectors") assertComparable(before, after);
  const overlaps = countOverlaps(before, after, pairs);
  const links: readonly (ConceptLink & { readonly similarity?: number })[] =
    matchedBy === "pictures"
      ? linkConcepts(before, after, overlaps)
      : linkByVectors(before.conceptVectors, after.conceptVectors);
  const earlier = before.concepts.map((concept, i) => described(concept, overlaps.keptBefore[i]!));
  const later = after.concepts.map((concept, i) => described(concept, overlaps.keptAfter[i]!));
  const heirs = earlier.map((_, place) => links.filter((link) => link.before === place));
  const origins = later.map((_, place) => links.filter((link) => link.after === place));
  const unassignedAfter = unassigned(overlaps.keptBefore, overlaps.pairs, "before");
  const unassignedBefore = unassigned(overlaps.keptAfter, overlaps.pairs, "after");
  return {
    matchedBy,
    pictures: pictureChanges(before, after, pairs, links),
    continued: links
      .filter((link) => heirs[link.before]!.length === 1 && origins[link.after]!.length === 1)
      .map((link) => continued(earlier[link.before]!, later[link.after]!, link)),
    split: earlier.flatMap((concept, place) => {
      const into = heirs[place]!.map((link) => ({ ...later[link.after]!, shared: link.shared }));
      return into.length > 1 ? [{ before: concept, into: into.sort(byShared) }] : [];
    }),
    merged: later.flatMap((concept, place) => {
      const from = origins[place]!.map((link) => ({ ...earlier[link.before]!, shared: link.shared }));
      return from.length > 1 ? [{ after: concept, from: from.sort(byShared) }] : [];
    }),
    born: later.flatMap((concept, place) =>
      origins[place]!.length === 0 ? [{ ...concept, unassigned: unassignedBefore[place]! }] : [],
    ),
    died: earlier.flatMap((concept, place) =>
      heirs[place]!.length === 0 ? [{ ...concept, unassigned: unassignedAfter[place]! }] : [],
    ),
  };
}

function assertComparable(before: DiffableModel, after: DiffableModel): void {
  const [a, b] = [before.embedder, after.embedder];
  if (a !== null && b !== null && a.id === b.id && before.conceptVectors.cols === after.conceptVectors.cols)
    return;
  throw new InputError("The two models have nothing to be compared by", {
    expected: "a picture in both collections, or one embedding model for both",
    found: `${a?.model ?? "vectors of unknown origin"} and ${b?.model ?? "vectors of unknown origin"}`,
    hint: "Compare models of overlapping collections, or fit one again with the other's embedding model.",
  });
}

/** For each concept of one side how many of its kept pictures are in no concept of the other. */
function unassigned(kept: Int32Array, pairs: readonly ConceptLink[], side: "before" | "after"): Int32Array {
  const rest = kept.slice();
  for (const pair of pairs) rest[pair[side]] = rest[pair[side]]! - pair.shared;
  return rest;
}

function described({ id, name, size }: Concept, kept: number): DiffConcept {
  return { id, name, size, kept };
}

function continued(
  before: DiffConcept,
  after: DiffConcept,
  { shared, similarity }: ConceptLink & { readonly similarity?: number },
): ContinuedConcept {
  const growth = (after.size - before.size) / before.size;
  return {
    before,
    after,
    shared,
    change: growth > TOLERANCE ? "grown" : growth < -TOLERANCE ? "shrunk" : "same",
    isRenamed: before.name !== after.name,
    ...(similarity === undefined ? {} : { similarity }),
  };
}

function byShared(a: SharingConcept, b: SharingConcept): number {
  return b.shared - a.shared || a.id - b.id;
}

function pictureChanges(
  before: DiffableModel,
  after: DiffableModel,
  { laterOf, earlierOf, count }: PicturePairs,
  links: readonly ConceptLink[],
): PictureChanges {
  const placeBefore = conceptPlaces(before);
  const placeAfter = conceptPlaces(after);
  const linked = new Set(links.map((link) => link.before * after.concepts.length + link.after));
  const relocated: { from: string; to: string }[] = [];
  const moved: { path: string; from: number; to: number }[] = [];
  laterOf.forEach((later, row) => {
    if (later === -1) return;
    const [from, to] = [before.images.paths[row]!, after.images.paths[later]!];
    if (from !== to) relocated.push({ from, to });
    const [a, b] = [placeBefore[row]!, placeAfter[later]!];
    const isAtHome = a === -1 || b === -1 ? a === b : linked.has(a * after.concepts.length + b);
    if (isAtHome) return;
    moved.push({ path: to, from: before.images.concepts[row]!, to: after.images.concepts[later]! });
  });
  return {
    before: laterOf.length,
    after: earlierOf.length,
    shared: count,
    added: after.images.paths.filter((_, row) => earlierOf[row] === -1),
    removed: before.images.paths.filter((_, row) => laterOf[row] === -1),
    relocated,
    moved,
  };
}
