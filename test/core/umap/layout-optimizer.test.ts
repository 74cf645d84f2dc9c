import { referenceLayoutOptimizer } from "../../../src/core/umap/reference-layout-optimizer.ts";
import { wasmLayoutOptimizer } from "../../../src/core/umap/wasm-layout-optimizer.ts";
import { describeLayoutOptimizer } from "../../support/layout-optimizer-conformance.ts";

describeLayoutOptimizer(referenceLayoutOptimizer, { runs: 5 });
describeLayoutOptimizer(wasmLayoutOptimizer, { runs: 300 });
