// One measurement of `ingest.mjs` in a process of its own: `node ingest-once.mjs session|ours MODEL FOLDER COUNT`.
// Prints JSON: pictures, seconds, CPU seconds, memory.
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import * as ort from "onnxruntime-node";
import { packPixels, parsePreprocessor } from "../dist/embed/preprocess.js";
import { SharpDecoder } from "../dist/node/images/sharp-decoder.js";
import { openFileEmbedder } from "../dist/node/index.js";
import { findCollection } from "../dist/node/inputs/collection.js";
import { treeResidentBytes } from "./resident.mjs";

const [mode, model, folder, count] = process.argv.slice(2);
const BATCH = 8;

const found = await findCollection([folder], {});
const images = found.images.slice(0, Number(count));
console.log(JSON.stringify(await (mode === "session" ? bareSession() : ours())));

/** The image tower alone with ONNX Runtime's own settings, on the pixels of the first pictures, again and again. */
async function bareSession() {
  const preprocessing = parsePreprocessor(
    JSON.parse(await readFile(path.join(model, "preprocessor_config.json"), "utf8")),
  );
  const decoder = new SharpDecoder();
  const decoded = await Promise.all(
    images
      .slice(0, BATCH)
      .map(async ({ location }) => decoder.decode(await readFile(location), preprocessing.request)),
  );
  const { width, height } = preprocessing.input;
  const tensor = new ort.Tensor("float32", packPixels(decoded, preprocessing, BATCH), [
    BATCH,
    3,
    height,
    width,
  ]);
  const session = await ort.InferenceSession.create(path.join(model, "onnx/vision_model.onnx"), {
    logSeverityLevel: 3,
  });
  await session.run({ pixel_values: tensor });
  const batches = Math.ceil(images.length / BATCH);
  const clock = startClock();
  for (let i = 0; i < batches; i++) await session.run({ pixel_values: tensor });
  return { pictures: batches * BATCH, ...clock() };
}

/** Files to cached vectors, as `concept fit` has it done. */
async function ours() {
  const cache = await mkdtemp(path.join(tmpdir(), "conceptmodel-bench-"));
  const memory = [];
  try {
    const embedder = await openFileEmbedder(model, { cache });
    const clock = startClock();
    const { embedded, skipped } = await embedder.embedFiles(images, {
      onProgress: (fraction) =>
        memory.push([
          Math.round(fraction * images.length),
          treeResidentBytes(process.pid),
          performance.now() / 1000,
        ]),
    });
    const seconds = clock();
    await embedder.close();
    return {
      pictures: embedded,
      skipped: skipped.length,
      ...seconds,
      cpu: seconds.cpu + childrenCpu(),
      memory,
    };
  } finally {
    await rm(cache, { recursive: true });
  }
}

function startClock() {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      seconds: (performance.now() - start) / 1000,
      cpu: (user + system) / 1e6,
      processors: availableParallelism(),
    };
  };
}

/** CPU seconds of processes that have ended. */
function childrenCpu() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
