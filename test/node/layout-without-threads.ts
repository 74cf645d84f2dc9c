import { Worker } from "node:worker_threads";
import { threadedLayoutOptimizer } from "../../src/node/layout-threads.ts";
import { longTask } from "../support/layout-tasks.ts";

// A program of its own: prints why no thread can be started, and the bits of the places found without.
let refusal: unknown;
try {
  new Worker("", { eval: true });
} catch (error) {
  refusal = (error as NodeJS.ErrnoException).code;
}
const { data } = await threadedLayoutOptimizer({ threads: 2 }).optimize(await longTask(), {});
process.stdout.write(JSON.stringify({ refusal, bits: [...new Int32Array(data.buffer)] }));
