import type { AssignContext } from "../assign.ts";
import { conceptVectors, pickExemplars } from "../concepts/exemplars.ts";
import { toConcepts } from "../concepts/order.ts";
import type { Edit } from "../edits/edit.ts";
import { baseOf, editsOf } from "../edits/plan-edit.ts";
import { type Matrix, row, takeRows } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import type { Concept, FittedModel } from "../model.ts";
import { nearestNeighbors } from "../neighbors/nearest-neighbors.ts";
import type { ImageList } from "../pipeline.ts";
import type { ClusterAssignment, FittedClusterer, FittedReducer, StageContext } from "../stages.ts";
import { carryEdits } from "./carry-edits.ts";
import { FittedGrownClusterer } from "./grown-clusterer.ts";
import { FittedGrownReducer, transformOn } from "./grown-reducer.ts";
import { addedRows, type GrownRows } from "./grown-rows.ts";

/** A collection as it is now. */
export interface GrownCollection {
  readonly images: ImageList & Pick<FittedModel["images"], "columns" | "captions">;
  /** images x dimensions, rows of length 1 */
  readonly vectors: Matrix;
  /** For each image its row in the model, -1 for a new one; each row once. */
  readonly rowBefore: Int32Array;
}

export interface GrownModel {
  readonly model: FittedModel;
  /** Edits whose pictures or concepts have gone. */
  readonly droppedEdits: readonly Edit[];
  /** Concepts that had images before and have none now, as they were. */
  readonly endedConcepts: readonly Concept[];
}

/** Cosine distance below which two vectors are the same picture, as in `assignImages`. */
const SAME_PICTURE = 1e-6;

/**
 * A model of a collection that has grown or shrunk, without a fit: new images are assigned as `assignImages` assigns them,
 * those that have gone leave, edits are replayed, concepts keep ids, names, words and vectors. New points go on being judged by
 * the images of the fit, those that left included. A concept that is left without images goes, and its id is not given again: images
 * that come later and are like those it had fit no concept.
 */
export async function growModel(
  model: FittedModel,
  collection: GrownCollection,
  context: AssignContext,
): Promise<GrownModel> {
  const base = baseOf(model);
  const ground = groundOf(base);
  const fittedRow = collection.rowBefore.map((before) =>
    before === -1 ? -1 : ground.rows.fittedRow[before]!,
  );
  const rows: GrownRows = { fittedRow, fittedCount: ground.training.rows };
  const earlier = { ...ground, rowBefore: collection.rowBefore };
  const added = await placeAdded(base, earlier, collection.vectors, rows, context);
  const grown = (inner: FittedReducer, places: Matrix): FittedReducer =>
    new FittedGrownReducer(inner, ground.training, rows, places);
  const reducer = grown(ground.reducer, added.places);
  const mapReducer = grown(ground.mapReducer, added.map);
  const clusterer = new FittedGrownClusterer(
    ground.clusterer,
    ground.reducer.layout,
    rows,
    added.places,
    added.assigned,
  );
  const concepts = toConcepts(clusterer.labels, base.conceptOfLabel);
  const grownBase: FittedModel = {
    ...base,
    images: {
      ...collection.images,
      concepts,
      probabilities: clusterer.probabilities,
      map: mapReducer.layout,
    },
    imageVectors: collection.vectors,
    ...keptConcepts(base, concepts, clusterer.probabilities, collection),
    ...withoutEmptied(base, concepts),
    reducer,
    mapReducer,
    clusterer,
  };
  const rowNow = new Int32Array(base.images.ids.length).fill(-1);
  collection.rowBefore.forEach((before, now) => {
    if (before !== -1) rowNow[before] = now;
  });
  const carried = carryEdits(grownBase, editsOf(model), base, rowNow);
  const now = new Set(carried.model.concepts.map(({ id }) => id));
  const endedConcepts = model.concepts.filter(({ id }) => !now.has(id));
  return { model: carried.model, droppedEdits: carried.dropped, endedConcepts };
}

/** What was fitted, whatever became of the collection since. */
interface Ground {
  readonly reducer: FittedReducer;
  readonly mapReducer: FittedReducer;
  readonly clusterer: FittedClusterer;
  readonly training: Matrix;
  /** Of the model as it is. */
  readonly rows: GrownRows;
}

function groundOf({ reducer, mapReducer, clusterer, imageVectors }: FittedModel): Ground {
  const isGrown =
    reducer instanceof FittedGrownReducer &&
    mapReducer instanceof FittedGrownReducer &&
    clusterer instanceof FittedGrownClusterer;
  if (isGrown) {
    const inner = { reducer: reducer.inner, mapReducer: mapReducer.inner, clusterer: clusterer.inner };
    return { ...inner, training: reducer.training, rows: reducer.rows };
  }
  const fittedCount = imageVectors.rows;
  const fittedRow = Int32Array.from({ length: fittedCount }, (_, i) => i);
  return { reducer, mapReducer, clusterer, training: imageVectors, rows: { fittedRow, fittedCount } };
}

interface AddedPoints {
  readonly places: Matrix;
  readonly map: Matrix;
  readonly assigned: ClusterAssignment;
}

/** Places and labels of the images that were not fitted: those known before keep theirs, new ones are judged. */
async function placeAdded(
  base: FittedModel,
  ground: Ground & { readonly rowBefore: Int32Array },
  vectors: Matrix,
  rows: GrownRows,
  context: AssignContext,
): Promise<AddedPoints> {
  const images = addedRows(rows);
  const points = takeRows(vectors, images);
  const rng = new Rng(base.parameters.seed);
  const place = (reducer: FittedReducer, stream: number): Promise<Matrix> => {
    const stage: StageContext = { ...context, rng: rng.fork(stream) };
    return transformOn(reducer, ground.training, points, stage);
  };
  const places = await place(ground.reducer, 1);
  const map = await place(ground.mapReducer, 2);
  const { labels, probabilities } = ground.clusterer.predict(places);
  labels.forEach((label, i) => {
    if (label === -1 || base.conceptOfLabel[label] !== -1) return;
    labels[i] = -1;
    probabilities[i] = 0;
  });
  const nearest = await nearestNeighbors(base.imageVectors, {
    kernels: context.kernels,
    signal: context.signal,
    k: 1,
    metric: "cosine",
    queries: points,
  });
  images.forEach((image, i) => {
    const before = ground.rowBefore[image]!;
    const known = before === -1 && nearest.distances[i]! < SAME_PICTURE ? nearest.indices[i]! : before;
    if (known === -1) return;
    row(places, i).set(row(base.reducer.layout, known));
    row(map, i).set(row(base.mapReducer.layout, known));
    labels[i] = base.clusterer.labels[known]!;
    probabilities[i] = base.clusterer.probabilities[known]!;
  });
  return { places, map, assigned: { labels, probabilities } };
}

/** The concepts of the fit with their exemplars and sizes as they are now. */
function keptConcepts(
  base: FittedModel,
  concepts: Int32Array,
  probabilities: Float32Array,
  { vectors, rowBefore }: GrownCollection,
): Pick<FittedModel, "concepts" | "conceptVectors"> {
  const rowNow = new Map(Array.from(rowBefore, (before, now) => [before, now]));
  const membersOf = new Map<number, number[]>();
  concepts.forEach((id, image) => {
    const members = membersOf.get(id);
    if (members === undefined) membersOf.set(id, [image]);
    else members.push(image);
  });
  const places = [...base.concepts.keys()].filter((place) => membersOf.has(base.concepts[place]!.id));
  const conceptMatrix = takeRows(base.conceptVectors, places);
  const kept = places.map((before, place): Concept => {
    const concept = base.concepts[before]!;
    const members = membersOf.get(concept.id)!;
    const there = Array.from(concept.exemplars, (before) => rowNow.get(before) ?? -1).filter(
      (now) => now !== -1,
    );
    if (there.length > 0) return { ...concept, size: members.length, exemplars: Int32Array.from(there) };
    const typical = [...members].sort((a, b) => probabilities[b]! - probabilities[a]! || a - b).slice(0, 256);
    const rows = [Int32Array.from(typical).sort()];
    const vector = conceptVectors(vectors, rows);
    row(conceptMatrix, place).set(vector.data);
    const [exemplars] = pickExemplars(vectors, vector, rows, { diversity: base.parameters.diversity });
    return { ...concept, size: members.length, exemplars: exemplars! };
  });
  return { concepts: kept, conceptVectors: conceptMatrix };
}

/** What the model says by concept or label of the fit, less the concepts that have no images any more. */
function withoutEmptied(
  base: FittedModel,
  concepts: Int32Array,
): Pick<FittedModel, "conceptOfLabel" | "goneConcepts" | "stability"> {
  const filled = new Set(concepts);
  const gone = base.concepts.filter(({ id }) => !filled.has(id)).map(({ id }) => id);
  const { stability, goneConcepts = [] } = base;
  return {
    conceptOfLabel: base.conceptOfLabel.map((id) => (filled.has(id) ? id : -1)),
    ...(goneConcepts.length + gone.length === 0
      ? {}
      : { goneConcepts: [...goneConcepts, ...gone].sort((a, b) => a - b) }),
    ...(stability === undefined
      ? {}
      : {
          stability: {
            ...stability,
            jaccards: stability.jaccards.filter((_, place) => filled.has(base.concepts[place]!.id)),
          },
        }),
  };
}
