import { ConceptModel } from "../../../src/core/concept-model.ts";
import { applyEdits } from "../../../src/core/edits/apply-edits.ts";
import type { Edit } from "../../../src/core/edits/edit.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { baseOf, editsOf, planEdit, withEdit } from "../../../src/core/edits/plan-edit.ts";
import { HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import { stackRows } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { IdentityReducer } from "../../../src/core/umap/identity-reducer.ts";
import { groupedVectors, scatteredVectors } from "../../support/collections.ts";

export const GROUP_NAMES = ["ant", "bee", "cat", "dog", "elk", "fox"];

/** Six tight groups of 40 pictures each, then 40 pictures of nothing in particular. */
export async function sixConcepts(): Promise<FittedModel> {
  return (await sixConceptModel()).fitted;
}

export async function sixConceptModel(): Promise<ConceptModel> {
  const groups = groupedVectors({ groups: 6, perGroup: 40, spread: 0.8 });
  return new ConceptModel({
    minConceptSize: 15,
    reducer: new IdentityReducer(),
    clusterer: new HdbscanClusterer({ minClusterSize: 15, minSamples: 3 }),
  }).fit([], {
    imageEmbeddings: stackRows([groups.vectors, scatteredVectors(40, 32)], 32),
    imageNames: Array.from({ length: 280 }, (_, i) => `${i}.jpg`),
    docs: GROUP_NAMES,
    docEmbeddings: groups.centres,
  });
}

export async function plan(model: FittedModel, request: EditRequest): Promise<Edit> {
  return planEdit(model, request, { kernels: referenceKernels });
}

export async function edited(model: FittedModel, ...requests: readonly EditRequest[]): Promise<FittedModel> {
  let shaped = model;
  for (const request of requests) shaped = withEdit(shaped, await plan(shaped, request));
  return shaped;
}

/** What must hold for every model, however it was shaped; throws where it does not. */
export function assertSound(model: FittedModel): void {
  const { concepts, images, conceptVectors, clusterer, conceptOfLabel } = model;
  const ids = concepts.map(({ id }) => id);
  const names = concepts.map(({ name }) => name);
  const fail = (what: string): never => {
    throw new Error(`${what}: ${JSON.stringify(editsOf(model)).slice(0, 400)}`);
  };
  if (new Set(ids).size !== ids.length) fail("ids repeat");
  if (new Set(names).size !== names.length) fail(`names repeat (${names})`);
  if (conceptVectors.rows !== concepts.length) fail("vectors and concepts differ in number");
  if (conceptOfLabel.length !== clusterer.clusterCount) fail("labels and concepts differ in number");
  if (conceptOfLabel.some((id) => id !== -1 && !ids.includes(id))) fail("a label of no concept");
  let counted = 0;
  for (const { id, size, exemplars, words } of concepts) {
    const members = images.concepts.reduce((count, concept) => count + (concept === id ? 1 : 0), 0);
    if (members !== size || size === 0) fail(`the size of ${id}`);
    if (exemplars.length === 0) fail(`no exemplar in ${id}`);
    if (exemplars.some((row) => images.concepts[row] !== id)) fail(`an exemplar outside of ${id}`);
    if (words.length === 0) fail(`no words in ${id}`);
    counted += size;
  }
  const outliers = images.concepts.reduce((count, concept) => count + (concept === -1 ? 1 : 0), 0);
  if (counted + outliers !== images.concepts.length) fail("pictures in concepts that are not there");
  images.probabilities.forEach((probability, row) => {
    const isNone = images.concepts[row] === -1;
    if (!(probability >= 0 && probability <= 1) || (isNone && probability !== 0)) fail("a probability");
  });
  const sizes = concepts.map(({ size }) => size);
  if (sizes.some((size, place) => place > 0 && size > sizes[place - 1]!)) fail("not largest first");
}

/** The same through the text of the log. */
export function replayed(model: FittedModel, parse: (value: unknown) => Edit): FittedModel {
  const texts = editsOf(model).map((edit) => JSON.stringify(edit));
  return applyEdits(
    baseOf(model),
    texts.map((text) => parse(JSON.parse(text))),
  );
}

/** What can be compared of a model: stages are not plain. */
export function plainParts(model: FittedModel): object {
  const { images, concepts, conceptVectors, conceptOfLabel, clusterer } = model;
  const { labels, probabilities, exemplars } = clusterer;
  return {
    images,
    concepts,
    conceptVectors,
    conceptOfLabel,
    labels,
    probabilities,
    exemplars,
    edits: editsOf(model),
  };
}
