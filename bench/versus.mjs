// Ours against the Python packages, in turn (A B A B) on the same file, each run a whole process:
// `node bench/versus.mjs [--python PATH]... [--peers NAME,NAME] [--rounds 3] [--map] [--empty-cache] [--json FILE] [2000 10000 25000]`.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fitOnce } from "./fit-process.mjs";
import { machine, runtime, version } from "./machine.mjs";
import { benchFiles, DIMENSIONS, WORDS } from "./vectors-file.mjs";

const SCRIPT = path.join(import.meta.dirname, "peers/fit.py");
const STAGES = ["start", "read", "neighbors", "reduce", "map", "cluster", "represent"];

const { values: options, positionals } = parseArgs({
  options: {
    /** Interpreters to try; several environments can hold several versions. */
    python: { type: "string", multiple: true, default: ["python3"] },
    peers: { type: "string" },
    rounds: { type: "string", default: "3" },
    /** The map too, on both sides. */
    map: { type: "boolean", default: false },
    /** As at the first start after an installation: nothing that numba compiled is kept. */
    "empty-cache": { type: "boolean", default: false },
    json: { type: "string" },
  },
  allowPositionals: true,
});
const sizes = positionals.length > 0 ? positionals.map(Number) : [2000, 10_000, 25_000];

/** A contestant is a name and a function that runs it once and gives its runs, the first cold. */
function contestants() {
  const ours = {
    name: "ours",
    run: (files) => ({ program: version, runtime: runtime(), runs: [fitOnce(files, options)] }),
  };
  const peers = options.python.flatMap((python) =>
    peersOf(python).map((peer) => ({ name: peer, run: (files) => runPeer(python, peer, files) })),
  );
  return [ours, ...peers];
}

function peersOf(python) {
  const { status, stdout } = spawnSync(python, [SCRIPT, "--list"], { encoding: "utf8" });
  const names = status === 0 ? JSON.parse(stdout) : [];
  const wanted = options.peers?.split(",");
  const chosen = names.filter((name) => wanted === undefined || wanted.includes(name));
  if (chosen.length === 0) {
    console.log(`${python}: no umap-learn with hdbscan or fast_hdbscan here; install them to compare`);
  }
  return chosen;
}

function runPeer(python, peer, files) {
  const cache = options["empty-cache"] ? mkdtempSync(path.join(tmpdir(), "conceptmodel-numba-")) : null;
  const started = `${Date.now() / 1000}`;
  const { status, stdout, stderr } = spawnSync(
    python,
    [
      ...[SCRIPT, "--peer", peer, "--vectors", files.vectors, "--words", files.words, "--started", started],
      ...(options.map ? ["--map"] : []),
    ],
    {
      encoding: "utf8",
      env: cache === null ? process.env : { ...process.env, NUMBA_CACHE_DIR: cache },
    },
  );
  if (cache !== null) rmSync(cache, { recursive: true });
  if (status !== 0) throw new Error(`${peer} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Of several runs of one kind: the median of each stage, of the total, of CPU seconds and of the peak. */
function summary(runs) {
  const middle = (pick) => median(runs.map(pick));
  return {
    seconds: Object.fromEntries(
      [...STAGES, "total"]
        .filter((stage) => runs.some((run) => stage in run.seconds))
        .map((stage) => [stage, middle((run) => run.seconds[stage] ?? 0)]),
    ),
    cpuSeconds: middle((run) => run.cpuSeconds),
    peakMB: middle((run) => run.peakMB),
    concepts: middle((run) => run.concepts),
    noise: middle((run) => run.noise),
  };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** @returns one summary a contestant and temperature: a process's first fit is cold, a second warm */
function compare(rows, entrants) {
  const files = benchFiles(rows);
  const results = entrants.map(() => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, entrant] of entrants.entries()) results[i].push(entrant.run(files));
  }
  return entrants.flatMap(({ name }, i) =>
    ["cold", "warm"].slice(0, results[i][0].runs.length).map((state, run) => ({
      name,
      state,
      program: results[i][0].program,
      runtime: results[i][0].runtime,
      ...summary(results[i].map((result) => result.runs[run])),
    })),
  );
}

function print(rows, summaries) {
  const ours = summaries.find(({ name }) => name === "ours").seconds.total;
  const head = [...STAGES, "total", "CPU", "MB", "concepts", "noise", "ratio"];
  console.log(`\n${rows} x ${DIMENSIONS}`);
  console.log("".padEnd(26) + head.map((name) => name.padStart(10)).join(""));
  for (const { name, state, seconds, cpuSeconds, peakMB, concepts, noise } of summaries) {
    const cells = [
      ...[...STAGES, "total"].map((stage) => (stage in seconds ? seconds[stage].toFixed(2) : "-")),
      ...[cpuSeconds.toFixed(1), peakMB.toFixed(0), concepts.toFixed(0), noise.toFixed(2)],
      (seconds.total / ours).toFixed(1),
    ];
    console.log(`${name}, ${state}`.padEnd(26) + cells.map((cell) => cell.padStart(10)).join(""));
  }
}

const entrants = contestants();
console.log(machine());
console.log(
  `${options.map ? "with" : "without"} the map, ${WORDS} words; medians of ${options.rounds} processes each, in turn; seconds from the ` +
    "process's start (cold) or of a second fit in it (warm); ratio: total by that of ours",
);
const programs = new Set();
for (const rows of sizes) {
  const summaries = compare(rows, entrants);
  print(rows, summaries);
  for (const each of summaries) {
    programs.add(`${each.name}: ${each.program} (${each.runtime})`);
    if (options.json !== undefined) {
      appendFileSync(
        options.json,
        `${JSON.stringify({ rows, map: options.map, machine: machine(), ...each })}\n`,
      );
    }
  }
}
console.log(`\n${[...programs].join("\n")}`);
