// How fast pictures come out of each kind of input, and what memory that takes: node bench/inputs.mjs [PICTURES]
// The same noise, 1 MB a picture, from a folder, zip, tar, tar.gz and Parquet, in the order of a fit and hashed as there;
// then four times as much: memory must not grow with an archive.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parquetWriteFile } from "hyparquet-writer";
import { findCollection } from "../dist/node/inputs/collection.js";
import { readPicture } from "../dist/node/inputs/read-picture.js";

const SELF = fileURLToPath(import.meta.url);
const BYTES = 1_000_000;

if (process.argv[2] === "--read") await readAll(process.argv[3]);
else compare(Number(process.argv[2] ?? 100));

function compare(count) {
  const folder = mkdtempSync(path.join(tmpdir(), "concept-inputs-"));
  try {
    console.log("| input | pictures | found in | read | peak memory |\n|---|---|---|---|---|");
    for (const pictures of [count, 4 * count]) {
      for (const input of layOut(path.join(folder, String(pictures)), pictures)) {
        const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, "--read", input], {
          encoding: "utf8",
        });
        if (status !== 0) throw new Error(stderr);
        console.log(`| ${path.extname(input) || "folder"} | ${pictures} ${stdout.trim()}`);
      }
      rmSync(path.join(folder, String(pictures)), { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function layOut(work, count) {
  const pictures = path.join(work, "pictures");
  mkdirSync(pictures, { recursive: true });
  for (let i = 0; i < count; i++)
    writeFileSync(path.join(pictures, `${String(i).padStart(6, "0")}.jpg`), noise(i));
  const run = (program, ...args) => {
    if (spawnSync(program, args, { cwd: pictures }).status !== 0) throw new Error(`${program} is needed`);
  };
  run("zip", "-qr", "../p.zip", ".");
  run("tar", "-cf", "../p.tar", ".");
  run("tar", "-czf", "../p.tgz", ".");
  writeParquet(path.join(work, "p.parquet"), pictures, count);
  return [pictures, ...["p.zip", "p.tar", "p.tgz", "p.parquet"].map((name) => path.join(work, name))];
}

/** Bytes that no compression makes smaller, the same every time. */
function noise(seed) {
  const key = createHash("sha256").update(String(seed)).digest();
  const bytes = Buffer.alloc(BYTES);
  let block = key;
  for (let at = 0; at < BYTES; at += 32) {
    if (at % 32_000 === 0) block = createHash("sha256").update(block).digest();
    else block[at % 32] = (block[at % 32] + at) & 255;
    block.copy(bytes, at);
  }
  return bytes;
}

function writeParquet(file, pictures, count) {
  const data = Array.from(
    { length: count },
    (_, i) => new Uint8Array(readFileSync(path.join(pictures, `${String(i).padStart(6, "0")}.jpg`))),
  );
  parquetWriteFile({
    filename: file,
    columnData: [{ name: "image", data, type: "BYTE_ARRAY" }],
    codec: "UNCOMPRESSED",
    rowGroupSize: 50,
  });
}

async function readAll(input) {
  const start = performance.now();
  const { images, skipped } = await findCollection(input, {});
  if (skipped.length > 0) throw new Error(skipped[0].reason);
  const found = performance.now();
  let bytes = 0;
  let memory = 0;
  for (const { location } of images) {
    bytes += (await readPicture(location)).bytes.length;
    // Not maxRSS, which a process inherits from the one that began it.
    memory = Math.max(memory, process.memoryUsage.rss());
  }
  const seconds = (performance.now() - found) / 1000;
  console.log(
    `| ${((found - start) / 1000).toFixed(2)} s | ${Math.round(bytes / 1e6 / seconds)} MB/s | ${Math.round(memory / 1e6)} MB |`,
  );
}
