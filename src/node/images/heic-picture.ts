import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runProgram } from "../inputs/run-program.ts";
import { UnusablePicture } from "./unusable-picture.ts";

/** Programs that turn HEIC into JPEG, by libheif or by macOS, and how they are called. */
const CONVERTERS: readonly (readonly [string, (from: string, to: string) => string[]])[] = [
  ["heif-dec", (from, to) => ["-q", "95", from, to]],
  ["heif-convert", (from, to) => ["-q", "95", from, to]],
  ["sips", (from, to) => ["-s", "format", "jpeg", "-s", "formatOptions", "95", from, "--out", to]],
];

/**
 * A HEIC picture as JPEG, by a program of this machine: its decoder is under patents and in no package of ours.
 *
 * @throws UnusablePicture where there is none, or it fails; the signal's reason
 */
export async function heicPicture(heic: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), "concept-heic-"));
  const [from, to] = [path.join(folder, "picture.heic"), path.join(folder, "picture.jpg")];
  try {
    await writeFile(from, heic);
    for (const [name, args] of CONVERTERS) {
      try {
        await runProgram(name, args(from, to), { timeout: 60_000, signal });
        return await readFile(to);
      } catch (error) {
        if (!(error instanceof UnusablePicture && error.skipCode === "no-program")) throw error;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new UnusablePicture(
    "unsupported",
    "HEIC pictures cannot be read without heif-dec, heif-convert or sips",
  );
}
