import { FittedCollapsedReducer } from "../compare/collapsed-reducer.ts";
import { baseOf } from "../edits/plan-edit.ts";
import type { FittedModel } from "../model.ts";
import { fitConcepts, type PipelineContext, type PipelineStages } from "../pipeline.ts";
import type { FittedReducer } from "../stages.ts";
import { nameSeededConcepts, seedsOfConcepts } from "../zero-shot/name-seeded.ts";
import type { SeedSpace } from "../zero-shot/seed.ts";
import { SeededClusterer } from "../zero-shot/seeded-clusterer.ts";
import { FittedSeededReducer, SeededReducer } from "../zero-shot/seeded-reducer.ts";
import { FittedGrownReducer } from "./grown-reducer.ts";

/**
 * Finds the concepts of a model's collection anew, as it is now, with the parameters, words and seeds of the fit; what people made of
 * the earlier fit is left behind (`continueModel` carries it over). Seeds judge pictures as they did.
 *
 * @param stages as for a fit without seeds
 */
export async function refitModel(
  model: FittedModel,
  stages: PipelineStages,
  context: PipelineContext,
): Promise<FittedModel> {
  const base = baseOf(model);
  const { images, imageVectors, vocabulary, embedder, parameters } = base;
  const { reducer, mapReducer, clusterer } = stages;
  const seeds = seedSpaceOf(base.reducer);
  const fitted = await fitConcepts(
    { images, imageVectors, vocabulary, embedder },
    parameters,
    {
      mapReducer,
      reducer: seeds === null ? reducer : new SeededReducer(reducer, seeds),
      clusterer: seeds === null ? clusterer : new SeededClusterer(clusterer),
    },
    context,
  );
  return seeds === null ? fitted : nameSeededConcepts(fitted, seedNames(base, seeds));
}

function seedSpaceOf(reducer: FittedReducer): SeedSpace | null {
  if (reducer instanceof FittedSeededReducer) return reducer.space;
  const isWrapped = reducer instanceof FittedGrownReducer || reducer instanceof FittedCollapsedReducer;
  return isWrapped ? seedSpaceOf(reducer.inner) : null;
}

/** Names of seeds are kept with their concepts: one without pictures has lost its name. */
function seedNames(base: FittedModel, { thresholds }: SeedSpace): (string | null)[] {
  const names: (string | null)[] = Array.from(thresholds, () => null);
  const seedOf = seedsOfConcepts(base);
  for (const { id, name } of base.concepts) if (seedOf.has(id)) names[seedOf.get(id)!] = name;
  return names;
}
