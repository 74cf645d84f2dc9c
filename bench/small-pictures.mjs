// Very many small pictures, the same on every machine: blocks of colours around a number of themes, as PNGs of 48 x 48 pixels.
// `smallPictureFolder(20000)` and `smallPictureShards(1000000)` make them once, in the system's temporary folder, and give their path.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { finished } from "node:stream/promises";
import { crc32, deflateSync } from "node:zlib";
import { pack } from "tar-stream";

const SIDE = 48;
/** Red, green and blue of 4 x 4 blocks. */
const PALETTE = 48;
const IN_A_SHARD = 10_000;

/** A folder of a hundred folders. @returns its path */
export function smallPictureFolder(count) {
  return madeOnce(`small-2-${count}`, async (folder) => {
    for (let n = 0; n < Math.min(100, count); n++) await mkdir(path.join(folder, String(n).padStart(2, "0")));
    for (const { n, bytes } of smallPictures(count, 40)) {
      await writeFile(path.join(folder, String(n % 100).padStart(2, "0"), `${n}.png`), bytes);
    }
  });
}

/** A folder of tar files of 10,000 pictures each, as webdataset has them. @returns its path */
export function smallPictureShards(count) {
  return madeOnce(`small-shards-2-${count}`, async (folder) => {
    let shard;
    let written;
    for (const { n, bytes } of smallPictures(count, 400)) {
      if (n % IN_A_SHARD === 0) {
        shard?.finalize();
        await written;
        shard = pack();
        const file = `${String(n / IN_A_SHARD).padStart(5, "0")}.tar`;
        written = finished(shard.pipe(createWriteStream(path.join(folder, file))));
      }
      await new Promise((resolve) =>
        shard.entry({ name: `${String(n).padStart(9, "0")}.png` }, bytes, resolve),
      );
    }
    shard?.finalize();
    await written;
  });
}

async function madeOnce(name, make) {
  const folder = path.join(tmpdir(), "conceptmodel-bench", name);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  await make(making);
  await rename(making, folder);
  return folder;
}

function* smallPictures(count, themeCount) {
  const random = uniform();
  const drawn = pngParts();
  const themes = Array.from({ length: themeCount }, () =>
    Array.from({ length: PALETTE }, () => random() * 255),
  );
  for (let n = 0; n < count; n++) {
    const colours = themes[n % themeCount].map((value) => value + 60 * (random() - 0.5));
    const palette = pngChunk("PLTE", Uint8ClampedArray.from(colours));
    yield { n, bytes: Buffer.concat([drawn.head, palette, drawn.tail]) };
  }
}

/** All pictures are the same 4 x 4 blocks; what differs is the palette. So a million of them are made in a minute. */
function pngParts() {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Array.from({ length: SIDE }, (_, y) => [0, ...blocksOfRow(y)]).flat();
  return {
    head: Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), pngChunk("IHDR", header)]),
    tail: Buffer.concat([
      pngChunk("IDAT", deflateSync(Uint8Array.from(rows))),
      pngChunk("IEND", new Uint8Array(0)),
    ]),
  };
}

function blocksOfRow(y) {
  const block = SIDE / 4;
  return Array.from({ length: SIDE }, (_, x) => 4 * Math.floor(y / block) + Math.floor(x / block));
}

function pngChunk(type, body) {
  const chunk = Buffer.alloc(12 + body.length);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(body, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
  return chunk;
}

function uniform() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
