import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readPicture } from "../../../src/node/inputs/read-picture.ts";
import { haveProgram } from "../../support/programs.ts";
import { temporaryFolder, twoColours } from "../images/pictures.ts";

const hasFfmpeg = haveProgram("ffmpeg", ["-version"]);

/** Four seconds each of red, green and blue. */
async function threeColours(name: string): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  const colours = ["red", "0x00ff00", "blue"].flatMap((colour) => [
    "-f",
    "lavfi",
    "-i",
    `color=${colour}:s=64x48:d=4:r=10`,
  ]);
  const join = ["-filter_complex", "[0][1][2]concat=n=3:v=1:a=0", "-pix_fmt", "yuv420p"];
  execFileSync("ffmpeg", ["-v", "error", ...colours, ...join, file]);
  return file;
}

async function colourOf(location: string): Promise<string> {
  const { channels } = await sharp((await readPicture(location)).bytes).stats();
  const [red, green, blue] = channels.map(({ mean }) => mean) as [number, number, number];
  return red > 150 ? "red" : green > 150 ? "green" : blue > 150 ? "blue" : "none";
}

describe.skipIf(!hasFfmpeg)("videos", () => {
  it.each(["clip.mp4", "clip.mkv", "clip.avi"])("are frames every so many seconds: %s", async (name) => {
    const { images, skipped } = await findCollection(await threeColours(name), { frames: 2.5 });
    expect(skipped).toEqual([]);
    expect(images.map((image) => image.path)).toEqual(
      ["0s", "2.5s", "5s", "7.5s", "10s"].map((time) => `${name}!/${time}`),
    );
    expect(await Promise.all(images.map(({ location }) => colourOf(location)))).toEqual([
      "red",
      "red",
      "green",
      "green",
      "blue",
    ]);
    const [again, first] = [await readPicture(images[2]!.location), await readPicture(images[2]!.location)];
    expect(again.id).toBe(first.id);
  });

  it("are one frame a scene", async () => {
    const { images } = await findCollection(await threeColours("clip.mp4"), { frames: "scenes" });
    expect(images.map((image) => image.path)).toEqual(["clip.mp4!/0s", "clip.mp4!/4s", "clip.mp4!/8s"]);
    expect(await Promise.all(images.map(({ location }) => colourOf(location)))).toEqual([
      "red",
      "green",
      "blue",
    ]);
  });

  it("that are damaged, none at all, or playlists in disguise are told and not followed", async () => {
    const whole = await threeColours("cut.mp4");
    await writeFile(whole, (await readFile(whole)).subarray(0, 2000));
    const folder = path.dirname(whole);
    await writeFile(path.join(folder, "text.mp4"), "no video");
    await twoColours(1).png().toFile(path.join(folder, "secret.png"));
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${path.join(folder, "secret.png")}\n#EXT-X-ENDLIST\n`;
    await writeFile(path.join(folder, "list.avi"), playlist);
    const files = ["cut.mp4", "text.mp4", "list.avi"].map((name) => path.join(folder, name));
    const { images, skipped } = await findCollection(files, {});
    expect(images).toEqual([]);
    expect(skipped.map(({ path: name, code }) => [name, code])).toEqual([
      ["cut.mp4", "damaged"],
      ["list.avi", "damaged"],
      ["text.mp4", "damaged"],
    ]);
    await expect(readPicture(`${path.join(folder, "list.avi")}!/0s`)).rejects.toThrow(
      "ffmpeg cannot read it",
    );
    await expect(readPicture(`${path.join(folder, "text.mp4")}!/../x`)).rejects.toThrow("no such frame");
  });
});

it("videos without ffmpeg are skipped, and that is said", async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "clip.mp4"), "anything");
  vi.stubEnv("PATH", folder);
  const { skipped } = await findCollection(path.join(folder, "clip.mp4"), {});
  vi.unstubAllEnvs();
  expect(skipped).toEqual([{ path: "clip.mp4", code: "no-program", reason: "ffprobe is not installed" }]);
});
