// A folder of invented photographs that is the same on every machine: `photoFolder(2000)` makes it once, in the system's
// temporary folder, and gives its path. 1 to 12 megapixels, JPEG, quality 90, 500 of them drawn, the others the same in files of their own.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { sceneSvg } from "./photo.mjs";

const VERSION = 2;
/** Width and height of the largest; every other picture is cut from one of these scenes and turned, lit and shrunk. */
const SCENE = { width: 4000, height: 3000 };
const PER_SCENE = 400;
/** Pictures that are drawn, half a second each; later ones are these again with a comment of their own, which makes other files. */
const DRAWN = 500;
const MEGAPIXELS = [1, 1.5, 2, 3, 4, 6, 8, 12];

/** @returns the folder's path */
export async function photoFolder(count) {
  const folder = path.join(tmpdir(), "conceptmodel-bench", `photos-${VERSION}-${count}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  const place = (n) => path.join(making, `${String(n).padStart(6, "0")}.jpg`);
  for (let first = 0; first < Math.min(count, DRAWN); first += PER_SCENE) {
    const pixels = await scenePixels(first / PER_SCENE);
    for (let n = first; n < Math.min(count, DRAWN, first + PER_SCENE); n++) {
      await writeFile(place(n), await variation(pixels, n));
    }
  }
  for (let n = DRAWN; n < count; n++) {
    await writeFile(place(n), withComment(await readFile(place(n % DRAWN)), n));
  }
  await rename(making, folder).catch(() => rm(making, { recursive: true }));
  return folder;
}

/** The drawn scene under grain that is drawn from the seed, not from the library's own chance. */
async function scenePixels(seed) {
  const { data } = await sharp(sceneSvg(SCENE.width, SCENE.height, seed + 1))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let state = (seed + 1) * 2654435761;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const grain = (state >>> 24) + ((state >>> 16) & 255) + ((state >>> 8) & 255) - 382;
    data[i] = Math.max(0, Math.min(255, data[i] + grain / 12));
  }
  return data;
}

function variation(pixels, n) {
  const size = Math.sqrt((MEGAPIXELS[n % MEGAPIXELS.length] * 1e6) / (SCENE.width * SCENE.height));
  const cut = 0.75 + 0.25 * fraction(n, 1);
  const [width, height] = [Math.floor(SCENE.width * cut), Math.floor(SCENE.height * cut)];
  return sharp(pixels, { raw: { ...SCENE, channels: 3 } })
    .extract({
      left: Math.floor((SCENE.width - width) * fraction(n, 2)),
      top: Math.floor((SCENE.height - height) * fraction(n, 3)),
      width,
      height,
    })
    .flop(n % 2 === 1)
    .modulate({ brightness: 0.8 + 0.4 * fraction(n, 4), hue: Math.floor(360 * fraction(n, 5)) })
    .resize(Math.round(SCENE.width * size), Math.round(SCENE.height * size), { fit: "fill" })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** A JPEG with a comment of eight digits behind its first marker. */
function withComment(jpeg, n) {
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 10]), Buffer.from(String(n).padStart(8, "0"))]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}

/** A number from 0 to 1 for a picture and a purpose. */
function fraction(n, purpose) {
  return ((Math.imul(n + 1, 2654435761) ^ Math.imul(purpose, 40503)) >>> 8) / 2 ** 24;
}
