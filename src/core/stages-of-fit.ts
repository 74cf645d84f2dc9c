import { defaultStages } from "./defaults.ts";
import { InputError } from "./errors.ts";
import type { FittedModel } from "./model.ts";
import type { PipelineStages } from "./pipeline.ts";

/** Stages of the caller's own; the others are the defaults. */
type OwnStages = { readonly [Stage in keyof PipelineStages]?: PipelineStages[Stage] | undefined };

/** What a fit puts around its stages, for near-duplicates, seeds and growth. */
const WRAPPINGS = /^(?:(?:grown|collapsed|seeded)-)+/;

/**
 * Stages to fit a model's collection as it was fitted: those of the caller's own, else the defaults.
 *
 * @throws InputError (`BAD_OPTION`) when the model was fitted with others
 */
export function stagesOfFit(
  model: Pick<FittedModel, "reducer" | "mapReducer" | "clusterer">,
  own: OwnStages,
  minConceptSize: number,
): PipelineStages {
  const stages = withDefaults(own, minConceptSize);
  for (const name of ["reducer", "mapReducer", "clusterer"] as const) {
    requireKind(model[name].kind, WRAPPINGS, stages[name].kind);
  }
  return stages;
}

/**
 * The same to fit parts of it: a model that was seeded or has grown is refused, since its parts would be fitted otherwise.
 *
 * @throws InputError (`BAD_OPTION`) when the model was fitted with others
 */
export function stagesOfPart(
  model: Pick<FittedModel, "reducer" | "clusterer">,
  own: OwnStages,
  minConceptSize: number,
): Omit<PipelineStages, "mapReducer"> {
  const { reducer, clusterer } = withDefaults(own, minConceptSize);
  requireKind(model.reducer.kind, /^collapsed-/, reducer.kind);
  requireKind(model.clusterer.kind, /^collapsed-/, clusterer.kind);
  return { reducer, clusterer };
}

function withDefaults(own: OwnStages, minConceptSize: number): PipelineStages {
  const defaults = defaultStages(minConceptSize);
  const { reducer, mapReducer, clusterer } = own;
  return {
    reducer: reducer ?? defaults.reducer,
    mapReducer: mapReducer ?? defaults.mapReducer,
    clusterer: clusterer ?? defaults.clusterer,
  };
}

function requireKind(fitted: string, wrapping: RegExp, found: string): void {
  if (fitted.replace(wrapping, "") === found) return;
  const details = { expected: fitted, found, hint: "Give the stages of the fit as options." };
  throw new InputError("The model was fitted with another stage", details, "BAD_OPTION");
}
