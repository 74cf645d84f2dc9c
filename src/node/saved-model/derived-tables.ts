import { membershipsOf } from "../../core/edits/memberships.ts";
import { conceptHierarchy } from "../../core/hierarchy/concept-hierarchy.ts";
import { referenceKernels } from "../../core/math/reference-kernels.ts";
import type { FittedModel } from "../../core/model.ts";
import type { hierarchyColumns, membershipColumns } from "./model-layout.ts";
import type { TableValues } from "./table.ts";

/** Pictures times groups up to which soft memberships are saved: some seconds of work. Beyond, they are computed when asked for. */
const mostDegrees = 10_000_000;

/** How much each picture belongs to each concept of the fit, five at most a picture; null where that would take long. */
export async function membershipTable(
  model: FittedModel,
): Promise<TableValues<typeof membershipColumns> | null> {
  const { clusterer, images } = model;
  const degrees = clusterer.clusterCount * images.ids.length;
  if (clusterer.visitMemberships === undefined || degrees === 0 || degrees > mostDegrees) return null;
  const { offsets, concepts, strengths } = await membershipsOf(model);
  const image = new Int32Array(concepts.length);
  for (let row = 0; row < images.ids.length; row++) image.fill(row, offsets[row], offsets[row + 1]);
  return { image, concept: concepts, strength: strengths };
}

/** Concepts of concepts of the fit; null where there are none. */
export async function hierarchyTable(
  model: FittedModel,
): Promise<TableValues<typeof hierarchyColumns> | null> {
  const { nodes, levels } = await conceptHierarchy(model, { kernels: referenceKernels });
  if (levels.length < 2) return null;
  return {
    id: Int32Array.from(nodes, ({ id }) => id),
    level: Int32Array.from(nodes, ({ level }) => level),
    parent: Int32Array.from(nodes, ({ parent }) => parent),
    name: nodes.map(({ name }) => name),
    size: Int32Array.from(nodes, ({ size }) => size),
    words: nodes.map(({ words }) => words.map(({ word }) => word)),
    scores: nodes.map(({ words }) => Float64Array.from(words, ({ score }) => score)),
    exemplars: nodes.map(({ exemplars }) => exemplars),
  };
}
