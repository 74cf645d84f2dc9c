// The explorer's server over simulated models: time until it listens, time to each array, what typing, recutting and editing wait
// for, and memory. The server is the built command in a process of its own; the model is made once (explorer-model.mjs).
//   node bench/explorer-server.mjs [PICTURES, default 100000]
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { machine, runtime } from "./machine.mjs";

const FOLDER = path.join(tmpdir(), "conceptmodel-bench");
const COMMAND = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
/** Raised when `explorer-model.mjs` makes another model. */
const EDITION = 2;

const pictures = Number(process.argv[2] ?? 100_000);
const model = preparedModel();
const own = path.join(FOLDER, "explorer-server-copy.concept");
rmSync(own, { recursive: true, force: true });
cpSync(model, own, { recursive: true });

console.log(`${machine()}\n${runtime()}; ${pictures.toLocaleString("en")} pictures\n`);
const started = performance.now();
const child = spawn(process.execPath, [COMMAND, "explore", own, "--port", "0", "--json", "--quiet"], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const { address } = JSON.parse(await firstOutput(child));
  line("listens", performance.now() - started, `CPU ${cpu()} ms, resident ${resident()}`);
  await measure(address.replace(/\/$/, ""));
} finally {
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("close", resolve));
  rmSync(own, { recursive: true, force: true });
}

async function measure(base) {
  for (const name of ["/api/model", "/api/points/map", "/api/points/concepts", "/api/points/probabilities"]) {
    await download(base, name);
  }
  line("", 0, `resident ${resident()}`);
  await download(base, "/api/points/slots");
  const { revision, concepts } = await (await fetch(`${base}/api/model`)).json();
  for (const query of ["word 17", "word 17", "+word 4 -word 5"]) {
    await timed(`search ${query}`, () => post(base, "/api/search", { query, limit: 200 }));
  }
  for (const row of [5, 6])
    await timed(`neighbours of ${row}`, () => fetch(`${base}/api/images/${row}/neighbours`));
  for (const minConceptSize of [60, 61]) {
    await timed(`recut preview, ${minConceptSize} at least`, () =>
      post(base, "/api/recut", { minConceptSize }),
    );
  }
  await timed("recut preview, 40 concepts", () => post(base, "/api/recut", { concepts: 40 }));
  await timed("tree", () => fetch(`${base}/api/hierarchy`));
  await timed("similarity", () => fetch(`${base}/api/similarity`));
  let present = revision;
  const edit = async (body) => {
    const response = await post(base, "/api/edits", body, { "If-Match": present });
    present = (await response.clone().json()).revision;
    return response;
  };
  await timed("rename", () => edit({ kind: "rename", concept: concepts[0].id, name: "renamed" }));
  await timed("merge", () => edit({ kind: "merge", concepts: [concepts[0].id, concepts[1].id] }));
  await timed("recut", () => edit({ kind: "recut", minConceptSize: 60 }));
  await timed("undo", () => post(base, "/api/undo", undefined, { "If-Match": present }));
  line("", 0, `resident ${resident()}, at most ${resident("VmHWM")}`);
}

/** Time until the first and the last byte. */
async function download(base, name) {
  const [start, used] = [performance.now(), cpu()];
  const response = await fetch(`${base}${name}`, { headers: { "Accept-Encoding": "br" } });
  const first = performance.now() - start;
  const { byteLength } = await response.arrayBuffer();
  const sent = Number(response.headers.get("Content-Length") ?? byteLength);
  const megabytes = (sent / 2 ** 20).toFixed(2);
  line(
    name,
    performance.now() - start,
    `CPU ${cpu() - used} ms, first byte ${first.toFixed(0)} ms, ${megabytes} MB sent`,
  );
}

async function timed(name, ask) {
  const [start, used] = [performance.now(), cpu()];
  const response = await ask();
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  line(name, performance.now() - start, `CPU ${cpu() - used} ms, ${(byteLength / 2 ** 20).toFixed(2)} MB`);
}

function post(base, name, body, headers = {}) {
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  return fetch(`${base}${name}`, {
    method: "POST",
    headers: { ...type, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function line(name, milliseconds, more) {
  const time = name === "" ? "" : `${milliseconds.toFixed(0)} ms`;
  console.log(`${name.padEnd(30)} ${time.padStart(10)}   ${more}`);
}

/** Time that the server has computed, in milliseconds, in steps of ten; tells more than the wall's where others compute, too. */
function cpu() {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Memory of the server; Linux only. */
function resident(field = "VmRSS") {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const kilobytes = Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]);
  return `${(kilobytes / 1024).toFixed(0)} MB`;
}

function firstOutput({ stdout }) {
  return new Promise((resolve) => {
    let text = "";
    stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (text.trimEnd().endsWith("}")) resolve(text);
    });
  });
}

/** Made where it is missing, in a process of its own. */
function preparedModel() {
  const target = path.join(FOLDER, `explorer-${EDITION}-${pictures}.concept`);
  if (existsSync(target)) return target;
  mkdirSync(FOLDER, { recursive: true });
  const script = fileURLToPath(new URL("explorer-model.mjs", import.meta.url));
  execFileSync(process.execPath, ["--max-old-space-size=12000", script, `${pictures}`, `${target}.part`]);
  renameSync(`${target}.part`, target);
  return target;
}
