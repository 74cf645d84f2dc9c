import type { ConceptModelOptions } from "../concept-model-options.ts";
import { type EmbeddedCollection, type FitServices, fitCollection } from "../fit-collection.ts";
import { checkedVectors, describedImages } from "../fit-inputs.ts";
import { takeRows } from "../math/matrix.ts";
import { Rng } from "../math/rng.ts";
import type { FittedModel, ImageColumn } from "../model.ts";
import type { ImageList } from "../pipeline.ts";
import { growModel } from "../update/grow-model.ts";
import { sampleRows } from "./sample-rows.ts";

/**
 * Fits a sample of the collection and assigns the rest to its concepts, as new images are: for collections that one fit cannot
 * hold. What the sample misses of small concepts is told by `smallestSure`.
 *
 * @param size images of the sample, fewer than there are
 */
export async function fitSample<Image>(
  collection: EmbeddedCollection,
  size: number,
  options: ConceptModelOptions<Image>,
  services: FitServices,
): Promise<FittedModel> {
  const { inputs, embedder } = collection;
  const vectors = checkedVectors(collection.vectors);
  const images = describedImages(collection.images, inputs);
  const rows = sampleRows(vectors.rows, size, new Rng(options.seed ?? 42).fork(0x5a3));
  const { columns: _, captions: __, ...rest } = inputs;
  const sample = {
    images: takeImages(images, rows),
    vectors: takeRows(vectors, rows),
    inputs: rest,
    embedder,
  };
  const fitted = await fitCollection(sample, options, services);
  const rowBefore = new Int32Array(vectors.rows).fill(-1);
  rows.forEach((row, i) => {
    rowBefore[row] = i;
  });
  const { columns = [], captions = null } = images;
  const whole = { images: { ...images, columns, captions }, vectors, rowBefore };
  const { kernels, optimizer } = services;
  return (await growModel(fitted, whole, { kernels, optimizer, signal: inputs.signal })).model;
}

function takeImages({ ids, paths, root, bytes, columns, captions }: ImageList, rows: Int32Array): ImageList {
  const pick = <T>(values: ArrayLike<T>) => Array.from(rows, (row) => values[row]!);
  return {
    ids: pick(ids),
    paths: pick(paths),
    root,
    bytes: Float64Array.from(pick(bytes)),
    columns: (columns ?? []).map(
      (column): ImageColumn =>
        column.type === "text"
          ? { ...column, values: pick(column.values) }
          : { ...column, values: Float64Array.from(pick(column.values)) },
    ),
    captions: captions === null || captions === undefined ? null : pick(captions),
  };
}
