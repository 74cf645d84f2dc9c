// Damaged archives, tables and headers: never a crash, never a hang, never more than the limits.
// FUZZ_COUNT=1000000 makes it long; bench/fuzz-inputs.mjs does that.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { pack } from "tar-stream";
import { afterAll, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import { endsTooEarly, sniffImageFormat } from "../../../src/node/images/image-format.ts";
import { checkReadable } from "../../../src/node/images/sharp-decoder.ts";
import { UnusablePicture } from "../../../src/node/images/unusable-picture.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readPicture } from "../../../src/node/inputs/read-picture.ts";
import { twoColours } from "../images/pictures.ts";

const COUNT = Number(process.env["FUZZ_COUNT"] ?? 2000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
/** Far longer than any takes: who is still at it hangs. */
const HANG = 20_000;
const MOST_BYTES = 2 ** 28;

const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const folder = mkdtempSync(path.join(memory, "concept-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whole files that other programs or libraries wrote, by their names. */
async function seeds(): Promise<Map<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  for (const [i, format] of (["png", "jpeg", "webp", "gif", "tiff", "avif"] as const).entries()) {
    pictures.set(`p/${i}.${format}`, await twoColours(i, 12, 9)[format]().toBuffer());
  }
  const entries = Object.fromEntries(Array.from(pictures, ([name, bytes]) => [name, new Uint8Array(bytes)]));
  const tar = await tarOf(pictures);
  const fixture = (name: string): Promise<Buffer> =>
    readFile(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)));
  return new Map<string, Buffer>([
    ["deflated.zip", Buffer.from(zipSync(entries))],
    ["stored.zip", Buffer.from(zipSync(entries, { level: 0 }))],
    ["plain.tar", tar],
    ["packed.tar.gz", tar],
    ["bytes.parquet", await fixture("duckdb-bytes.parquet")],
    ["struct.parquet", await fixture("duckdb-struct.parquet")],
    ["groups.parquet", await fixture("arrow-rs-bytes.parquet")],
    ["paths.csv", await fixture("duckdb-paths.csv")],
    ["paths.jsonl", await fixture("duckdb-paths.jsonl")],
    ...Array.from(pictures, ([name, bytes]) => [path.basename(name), bytes] as const),
  ]);
}

async function tarOf(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const tar = pack();
  for (const [name, bytes] of files) tar.entry({ name: `${"long/".repeat(40)}${name}` }, bytes);
  tar.entry({ name: "0.txt" }, "a caption");
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** The bytes with one to eight edits: bits, numbers, pieces cut out, doubled or moved, the end cut off. */
function mutated(bytes: Buffer, rng: Rng): Buffer {
  let result = Buffer.from(bytes);
  const below = (limit: number): number => Math.floor(rng.uniform() * limit);
  for (let edits = 1 + below(8); edits > 0 && result.length > 4; edits--) {
    const at = below(result.length - 4);
    const piece = result.subarray(at, at + 1 + below(64));
    const kind = below(6);
    if (kind === 0) result[at]! ^= 1 << below(8);
    else if (kind === 1) result.writeUInt32LE(NUMBERS[below(NUMBERS.length)]!, at);
    else if (kind === 2) result.writeUInt32BE(NUMBERS[below(NUMBERS.length)]!, at);
    else if (kind === 3) result = Buffer.concat([result.subarray(0, at), result.subarray(at + piece.length)]);
    else if (kind === 4) result = Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]);
    else if (below(4) === 0) result = Buffer.from(result.subarray(0, at));
    else Buffer.from(piece).copy(result, below(result.length));
  }
  return result;
}

/** Lists and reads everything; whatever goes wrong must be one of the outcomes there are for it. */
async function digest(file: string): Promise<void> {
  const { images, skipped } = await findCollection(file, {}).catch((error: unknown) => {
    if (error instanceof InputError) return { images: [], skipped: [] };
    throw error;
  });
  for (const { code, reason } of skipped) {
    expect([code, reason.length > 0]).toEqual([expect.stringMatching(/^[a-z-]+$/), true]);
  }
  for (const { location } of images) {
    try {
      const { bytes } = await readPicture(location);
      expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES);
      checkReadable(bytes);
      endsTooEarly(bytes, sniffImageFormat(bytes)!);
    } catch (error) {
      const isKnown = error instanceof UnusablePicture || (error instanceof Error && "syscall" in error);
      if (!isKnown) throw error;
    }
  }
}

it(`survive ${COUNT} damaged files`, { timeout: 24 * 3_600_000 }, async () => {
  const originals = [...(await seeds())];
  const rng = new Rng(SEED);
  for (let i = 0; i < COUNT; i++) {
    const [name, bytes] = originals[i % originals.length]!;
    let damaged = mutated(bytes, rng);
    // Half of the packed archives are damaged inside, where gzip's checksum would hide it.
    if (name.endsWith("gz"))
      damaged = rng.uniform() < 0.5 ? gzipSync(damaged) : mutated(gzipSync(bytes), rng);
    const file = path.join(folder, name);
    await writeFile(file, damaged);
    const hang = new Promise<string>((resolve) => setTimeout(resolve, HANG, "hangs").unref());
    const outcome = await Promise.race([digest(file).catch((error: unknown) => error), hang]);
    if (outcome !== undefined) {
      const kept = path.join(tmpdir(), `concept-fuzz-${SEED}-${i}-${name}`);
      await writeFile(kept, damaged);
      throw new Error(`file ${i} of seed ${SEED} (kept as ${kept}): ${String(outcome)}`, { cause: outcome });
    }
    if (i % 10_000 === 9999) {
      console.log(`${i + 1} files, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
    }
  }
});
