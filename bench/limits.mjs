// What the machine can do at best, to judge the stages of a fit by: `node bench/limits.mjs`. Best of several runs of each, on one
// thread and on as many as there are processors, which all begin at once.
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { encodeOnnxModel } from "../dist/node/onnx-graph.js";
import { machine, runtime } from "./machine.mjs";

const RUNS = 5;

/** Larger than any cache, so that memory itself is measured: 1 GiB read, 1 GiB written. */
const COPY_BYTES = 2 ** 30;

/** Multiplications and additions of one thread's scalar loop. */
const SCALAR_VALUES = 2 ** 13;
const SCALAR_ROUNDS = 2 ** 14;

/** Reads of a row of five float32 at a random place, as the layout's optimisation makes them. */
const GATHERS = 2 ** 23;
const ROW = 5;

/** What one thread does: `prepare(parameter)` gives the function to time, which returns the work it did. */
const KERNELS = {
  copy: (bytes) => {
    const [source, target] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes)];
    return () => {
      target.set(source);
      return 2 * bytes;
    };
  },
  scalar: () => {
    const [a, b] = [new Float32Array(SCALAR_VALUES).fill(0.5), new Float32Array(SCALAR_VALUES).fill(0.25)];
    return () => {
      for (let round = 0; round < SCALAR_ROUNDS; round++) a[round % SCALAR_VALUES] = dot(a, b) * 1e-9;
      return 2 * SCALAR_VALUES * SCALAR_ROUNDS;
    };
  },
  gather: (rows) => {
    const layout = new Float32Array(rows * ROW).fill(1);
    return () => {
      return sumOfRandomRows(layout, rows) > 0 ? GATHERS : 0;
    };
  },
};

/** Four sums, as the fastest loops of the package have: one would wait for each addition. */
function dot(a, b) {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  return s0 + s1 + s2 + s3;
}

function sumOfRandomRows(layout, rows) {
  let sum = 0;
  let state = 1;
  for (let i = 0; i < GATHERS; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const start = Math.floor(((state >>> 0) / 2 ** 32) * rows) * ROW;
    for (let c = 0; c < ROW; c++) sum += layout[start + c];
  }
  return sum;
}

/** Runs a kernel in `threads` workers that begin together. @returns work a second, of all, at best */
async function throughput(kernel, parameter, threads) {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const workers = Array.from(
    { length: threads },
    () => new Worker(import.meta.filename, { workerData: { kernel, parameter, threads, gate } }),
  );
  const answers = await Promise.all(
    workers.map(
      (worker) => new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject)),
    ),
  );
  const perRun = Array.from({ length: RUNS }, (_, run) => {
    const slowest = Math.max(...answers.map((answer) => answer.seconds[run]));
    return answers.reduce((sum, answer) => sum + answer.work, 0) / slowest;
  });
  return Math.max(...perRun);
}

function work({ kernel, parameter, threads, gate }) {
  const run = KERNELS[kernel](parameter);
  run();
  const seconds = [];
  let done = 0;
  for (let i = 0; i < RUNS; i++) {
    meet(gate, threads * (i + 1));
    const start = performance.now();
    done = run();
    seconds.push((performance.now() - start) / 1000);
  }
  parentPort.postMessage({ seconds, work: done });
}

/** Waits until `arrivals` threads have come in all; spins, so that all leave at once. */
function meet(gate, arrivals) {
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < arrivals);
}

/** GFLOP/s of queries x points^T, and of that followed by the 15 best of each row, which is a k-NN search. */
async function products(queries, points, dimensions, threads, topK) {
  const session = await InferenceSession.create(productModel(topK), {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
  });
  const random = (rows) =>
    new Tensor("float32", Float32Array.from({ length: rows * dimensions }, Math.random), [rows, dimensions]);
  const feeds = { queries: random(queries), points: random(points) };
  if (topK) feeds.k = new Tensor("int64", BigInt64Array.of(15n), [1]);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  await session.release();
  return (2 * queries * points * dimensions) / best;
}

function productModel(topK) {
  const product = {
    operator: "Gemm",
    inputs: ["queries", "points"],
    outputs: ["scores"],
    attributes: { transB: 1 },
  };
  const best = {
    operator: "TopK",
    inputs: ["scores", "k"],
    outputs: ["values", "indices"],
    attributes: { largest: 1, sorted: 1 },
  };
  return encodeOnnxModel({
    name: "limit",
    opset: 13,
    inputs: [
      { name: "queries", type: "float32", shape: ["q", "d"] },
      { name: "points", type: "float32", shape: ["n", "d"] },
      ...(topK ? [{ name: "k", type: "int64", shape: [1] }] : []),
    ],
    outputs: topK
      ? [
          { name: "values", type: "float32", shape: ["q", "k"] },
          { name: "indices", type: "int64", shape: ["q", "k"] },
        ]
      : [{ name: "scores", type: "float32", shape: ["q", "n"] }],
    nodes: topK ? [product, best] : [product],
  });
}

async function report() {
  const all = availableParallelism();
  console.log(`${machine()}, ${runtime()}; best of ${RUNS}`);
  console.log(`${"".padEnd(66)}${"1 thread".padStart(12)}${`${all} threads`.padStart(12)}`);
  const line = async (name, measure, unit) => {
    const [one, many] = [await measure(1), await measure(all)];
    console.log(`${name.padEnd(66)}${unit(one).padStart(12)}${unit(many).padStart(12)}`);
  };
  const giga = (value) => (value / 1e9).toFixed(1);
  await line(
    "matrix product, 2,048 x 2,048 x 2,048, GFLOP/s",
    (t) => products(2048, 2048, 2048, t, false),
    giga,
  );
  await line(
    "matrix product, 512 x 25,000 x 512, GFLOP/s",
    (t) => products(512, 25_000, 512, t, false),
    giga,
  );
  await line(
    "the same and the 15 best of each row, GFLOP/s",
    (t) => products(512, 25_000, 512, t, true),
    giga,
  );
  await line("JavaScript, scalar products in cache, GFLOP/s", (t) => throughput("scalar", 0, t), giga);
  await line("copying 1 GiB a thread, GB/s read and written", (t) => throughput("copy", COPY_BYTES, t), giga);
  for (const rows of [2000, 25_000, 100_000, 1_000_000]) {
    const name = `JavaScript, random rows of 5 float32 out of ${rows.toLocaleString("en")}, million/s`;
    await line(
      name,
      (t) => throughput("gather", rows, t),
      (value) => (value / 1e6).toFixed(0),
    );
  }
}

if (isMainThread) await report();
else work(workerData);
