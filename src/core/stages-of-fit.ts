import { defaultStages } from "./defaults.ts";
import { InputError } from "./errors.ts";
import type { FittedModel } from "./model.ts";
import type { PipelineStages } from "./pipeline.ts";

/** What a fit puts around its stages, for near-duplicates, seeds and growth. */
const WRAPPINGS = /^(?:(?:grown|collapsed|seeded)-)+/;

/**
 * Stages to fit a model's collection, or a part of it, as it was fitted: those of the caller's own, else the defaults.
 *
 * @throws InputError (`BAD_OPTION`) when the model was fitted with others
 */
export function stagesOfFit(
  model: Pick<FittedModel, "reducer" | "mapReducer" | "clusterer">,
  own: { readonly [Stage in keyof PipelineStages]?: PipelineStages[Stage] | undefined },
  minConceptSize: number,
): PipelineStages {
  const defaults = defaultStages(minConceptSize);
  const {
    reducer = defaults.reducer,
    mapReducer = defaults.mapReducer,
    clusterer = defaults.clusterer,
  } = own;
  const stages = { reducer, mapReducer, clusterer };
  for (const name of ["reducer", "mapReducer", "clusterer"] as const) {
    const fitted = model[name].kind.replace(WRAPPINGS, "");
    if (fitted === stages[name].kind) continue;
    const hint = "Give the stages of the fit as options.";
    const details = { expected: fitted, found: stages[name].kind, hint };
    throw new InputError("The model was fitted with another stage", details, "BAD_OPTION");
  }
  return stages;
}
