import { FormatError } from "../errors.ts";
import type { Matrix } from "../math/matrix.ts";
import type { FittedReducer, NeighborhoodInput, Reducer, StageState } from "../stages.ts";

const KIND = "identity";

/** Passes points through, for clustering the vectors themselves. */
export class IdentityReducer implements Reducer {
  readonly kind: string = KIND;
  readonly neighborCount: number = 0;

  async fit(input: NeighborhoodInput): Promise<FittedReducer> {
    return fittedIdentity(input.points);
  }

  /** @throws FormatError when the state is of another kind */
  restore(state: StageState, training: Matrix): FittedReducer {
    if (state.kind !== KIND) {
      const details = { expected: `kind "${KIND}"`, found: `kind "${state.kind}"` };
      throw new FormatError("The saved reducer is not this one", details, "BAD_MODEL");
    }
    return fittedIdentity(training);
  }
}

function fittedIdentity(points: Matrix): FittedReducer {
  return {
    kind: KIND,
    neighborCount: 0,
    layout: points,
    transform: async (input) => input.points,
    state: () => ({ kind: KIND, params: {}, arrays: {} }),
  };
}
