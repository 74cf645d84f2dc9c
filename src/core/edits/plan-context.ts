import type { DenseKernels } from "../math/kernels.ts";
import type { WorkOptions } from "../stages.ts";

/** What working out an edit may use. */
export interface PlanContext extends WorkOptions {
  readonly kernels: DenseKernels;
}
