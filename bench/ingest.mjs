// From JPEGs of 1 to 12 megapixels to cached vectors, against the bare session and against PyTorch, in turn on this machine:
// `node bench/ingest.mjs MODEL_FOLDER [--pictures 2000] [--python PATH ...]`; MODEL_FOLDER as `scripts/random-clip` makes it.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { machine, runtime, version } from "./machine.mjs";
import { photoFolder } from "./photo-folder.mjs";

const { values, positionals } = parseArgs({
  options: {
    pictures: { type: "string", default: "2000" },
    python: { type: "string", multiple: true, default: [] },
    "python-pictures": { type: "string" },
  },
  allowPositionals: true,
});
const [model] = positionals;
const pictures = Number(values.pictures);
const folder = await photoFolder(pictures);
console.log(`${version}, ${runtime()}, ${machine()}; ${pictures} JPEGs of 1 to 12 megapixels`);

const session = once("session", Math.min(pictures, 400));
report("the bare session, nothing decoded", session);
const ours = once("ours", pictures);
report("ours, files to cached vectors", ours);
const decoding = ours.cpu / ours.pictures - session.cpu / session.pictures;
console.log(
  `  ${percent(rate(ours) / rate(session))} of the session's rate; CPU in use ${percent(ours.cpu / ours.seconds / ours.processors)}`,
);
console.log(
  `  ${milliseconds(decoding)} of CPU a picture beside the session's own: reading, hashing, decoding, saving`,
);
const [settled, last] = [
  ours.memory.find(([done]) => done >= Math.min(200, pictures / 2)),
  ours.memory.at(-1),
];
const settledRate = (last[0] - settled[0]) / (last[2] - settled[2]);
console.log(
  `  after the first ${settled[0]}, while which it is tried how the model is best arranged: ${settledRate.toFixed(2)} a second, ${percent(settledRate / rate(session))} of the session's rate`,
);
const [begin, end] = [ours.memory.find(([done]) => done >= Math.min(1000, pictures / 2)), ours.memory.at(-1)];
console.log(
  `  memory at picture ${begin[0]}: ${megabytes(begin[1])}, at ${end[0]}: ${megabytes(end[1])}; peak ${megabytes(Math.max(...ours.memory.map(([, bytes]) => bytes)))}`,
);
for (const python of values.python) {
  const count = Number(values["python-pictures"] ?? pictures);
  const files = readdirSync(folder).sort().slice(0, count);
  const input = files.map((file) => path.join(folder, file)).join("\n");
  const script = new URL("peers/embed.py", import.meta.url).pathname;
  const peer = JSON.parse(execFileSync(python, [script, model], { input, encoding: "utf8" }));
  report(`${peer.runtime}, one picture after the other, batches of 32`, peer);
  console.log(
    `  ours is ${(rate(ours) / rate(peer)).toFixed(2)} times as fast (${(settledRate / rate(peer)).toFixed(2)} after its start), and takes ${percent((ours.cpu * peer.pictures) / (ours.pictures * peer.cpu))} of its CPU; its memory ${megabytes(peer.peak)}`,
  );
}

function once(mode, count) {
  const script = new URL("ingest-once.mjs", import.meta.url).pathname;
  const words = [script, mode, model, folder, String(count)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8", maxBuffer: 1 << 28 }));
}

function report(what, result) {
  console.log(
    `${what}: ${result.pictures} pictures in ${result.seconds.toFixed(1)} s, ${rate(result).toFixed(2)} a second, ${milliseconds(result.cpu / result.pictures)} of CPU each`,
  );
}

function rate({ pictures: count, seconds }) {
  return count / seconds;
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

function milliseconds(seconds) {
  return `${(1000 * seconds).toFixed(0)} ms`;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
