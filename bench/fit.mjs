// From vectors to concepts, step by step:
// `node bench/fit.mjs [--no-map] [--runs 1] [--json FILE] [2000 10000 25000 100000 1000000]`. Each fit is a process of its own that
// reads its vectors from a file, so that start, reading and the vectors' memory count, and making them does not.
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fitOnce } from "./fit-process.mjs";
import { machine, runtime, version } from "./machine.mjs";
import { benchFiles, DIMENSIONS, WORDS } from "./vectors-file.mjs";

const STEPS = ["start", "read", "neighbors", "reduce", "map", "cluster", "represent", "total"];

const { values: options, positionals } = parseArgs({
  options: {
    "no-map": { type: "boolean", default: false },
    /** The fastest of several is reported. */
    runs: { type: "string", default: "1" },
    /** Appends one line of JSON a size, for `growth.mjs`. */
    json: { type: "string" },
  },
  allowPositionals: true,
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [2000, 10_000, 25_000];

/** The run least disturbed by whatever else the machine did. */
function fastest(rows) {
  const files = benchFiles(rows);
  const runs = Array.from({ length: Number(options.runs) }, () =>
    fitOnce(files, { map: !options["no-map"] }),
  );
  return runs.reduce((best, run) => (run.seconds.total < best.seconds.total ? run : best));
}

console.log(`${version}, ${runtime()}, ${machine()}`);
console.log(
  `rows x ${DIMENSIONS}, ${WORDS} words, default stages; seconds, fastest of ${options.runs}; CPU: of all processors`,
);
console.log(
  `${"rows".padStart(8)}${STEPS.map((step) => step.padStart(10)).join("")}${"CPU".padStart(8)}${"memory".padStart(10)}${"concepts".padStart(10)}`,
);
for (const rows of sizes) {
  const run = fastest(rows);
  const steps = STEPS.map((step) => (run.seconds[step]?.toFixed(2) ?? "-").padStart(10)).join("");
  console.log(
    `${`${rows}`.padStart(8)}${steps}${run.cpuSeconds.toFixed(1).padStart(8)}${`${run.peakMB.toFixed(0)} MB`.padStart(10)}${`${run.concepts}`.padStart(10)}`,
  );
  if (options.json !== undefined) {
    appendFileSync(
      options.json,
      `${JSON.stringify({ program: version, runtime: runtime(), machine: machine(), ...run })}\n`,
    );
  }
}
