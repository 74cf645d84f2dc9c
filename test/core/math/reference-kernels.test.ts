import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { describeDenseKernels } from "../../support/dense-kernels-conformance.ts";

describeDenseKernels("reference", async () => referenceKernels);
