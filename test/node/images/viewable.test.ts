import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import { rawPreview } from "../../../src/node/images/raw-preview.ts";
import { viewable } from "../../../src/node/images/viewable.ts";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { pictureSource } from "../../../src/node/inputs/read-picture.ts";
import { haveProgram } from "../../support/programs.ts";
import { temporaryFolder, twoColours } from "./pictures.ts";

const hasHeif = haveProgram("heif-enc", ["--help"]) && haveProgram("heif-convert", ["--help"]);

/** A TIFF structure whose first folder says how it is turned, with pictures behind it, as makers write RAW files. */
function rawFile(orientation: number, parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(64);
  head.write("II*\0", "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(1, 8);
  for (const [i, value] of [0x0112, 3].entries()) head.writeUInt16LE(value, 10 + 2 * i);
  head.writeUInt32LE(1, 14);
  head.writeUInt16LE(orientation, 18);
  return Buffer.concat([
    head,
    ...parts.flatMap((part) => [Buffer.from([0xff, 0xd8, 0xff, 0xff, 0]), part, Buffer.alloc(77, 0xff)]),
  ]);
}

const jpeg = (width: number, height: number, progressive = false): Promise<Buffer> =>
  twoColours(width, width, height).jpeg({ progressive }).toBuffer();

/** Lossless JPEG, as raw data are kept in: it begins alike, but is no picture for a decoder. */
const lossless = Buffer.from(
  "ffd8ffc3000b0e10001000010111 00ffda00080101 0001 0000 1234 ffd9".replaceAll(" ", ""),
  "hex",
);

describe("previews of RAW files", () => {
  it.each([false, true])("are the largest JPEG in them (progressive: %s)", async (progressive) => {
    const [small, large] = [await jpeg(160, 120), await jpeg(640, 480, progressive)];
    const raw = rawFile(1, [small, lossless, large, await jpeg(64, 48)]);
    expect(rawPreview(raw)).toEqual(large);
  });

  it("are turned as the camera was", async () => {
    const raw = rawFile(6, [await jpeg(640, 480)]);
    const { width, height } = await sharp(rawPreview(raw)!)
      .autoOrient()
      .toBuffer({ resolveWithObject: true })
      .then(({ info }) => info);
    expect([width, height]).toEqual([480, 640]);
  });

  it("are not there in files without one", async () => {
    expect(rawPreview(rawFile(1, [lossless]))).toBeNull();
    expect(rawPreview(rawFile(1, [(await jpeg(640, 480)).subarray(0, 900)]))).toBeNull();
    await expect(viewable("a.NEF", new Uint8Array(100))).rejects.toThrow(
      "there is no preview in the RAW file",
    );
  });

  it("never throw for whatever bytes", async () => {
    const raw = rawFile(6, [await jpeg(200, 120)]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(raw.length - 1), fc.nat(255)), { maxLength: 30 }),
        fc.nat(raw.length),
        (edits, end) => {
          const damaged = Buffer.from(raw);
          for (const [at, value] of edits) damaged[at] = value;
          rawPreview(damaged.subarray(0, end));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("are found in folders and drawn from there", async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, "a.cr2"), rawFile(1, [await jpeg(320, 200)]));
    const { images } = await findCollection(folder, {});
    expect(images.map((image) => image.path)).toEqual(["a.cr2"]);
    expect((await sharp(await pictureSource(images[0]!.location)).metadata()).width).toBe(320);
  });
});

describe("HEIC", () => {
  it.skipIf(!hasHeif)("is read by a program where there is one", async () => {
    const folder = await temporaryFolder();
    await twoColours(3, 64, 48).png().toFile(path.join(folder, "a.png"));
    execFileSync("heif-enc", ["-q", "90", path.join(folder, "a.png"), "-o", path.join(folder, "a.heic")], {
      stdio: "ignore",
    });
    const heic = await readFile(path.join(folder, "a.heic"));
    const { width, height, format } = await sharp(await viewable("a.heic", heic)).metadata();
    expect([width, height, format]).toEqual([64, 48, "jpeg"]);
    await expect(viewable("a.heic", heic.subarray(0, 400))).rejects.toThrow("cannot read it");
    vi.stubEnv("PATH", folder);
    await expect(viewable("a.heic", heic)).rejects.toThrow(
      "cannot be read without heif-dec, heif-convert or sips",
    );
    vi.unstubAllEnvs();
  });
});

describe("drawings", () => {
  it("are pictures only when they are asked for, and load nothing", async () => {
    const folder = await temporaryFolder();
    await twoColours(3, 64, 48).png().toFile(path.join(folder, "secret.png"));
    const secret = `<image href="file://${path.join(folder, "secret.png")}" width="40" height="20"/>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">${secret}<rect width="10" height="20" fill="red"/></svg>`;
    await writeFile(path.join(folder, "a.svg"), svg);
    expect((await findCollection(folder, {})).ignored).toEqual({ svg: 1 });
    expect((await findCollection(path.join(folder, "a.svg"), {})).skipped).toEqual([
      { path: "a.svg", code: "unsupported", reason: "drawings (SVG) are left out unless --svg is given" },
    ]);
    const { images } = await findCollection(folder, { svg: true });
    expect(images.map((image) => image.path)).toEqual(["a.svg", "secret.png"]);
    const drawn = sharp(await pictureSource(images[0]!.location));
    const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([1024, 512]);
    const at = (x: number, y: number): number[] => [
      ...data.subarray(4 * (y * info.width + x), 4 * (y * info.width + x) + 4),
    ];
    expect(at(100, 100)).toEqual([255, 0, 0, 255]);
    expect(at(800, 100)).toEqual([0, 0, 0, 0]);
    await expect(viewable("b.svg", Buffer.from(`${svg.slice(0, 60)}`))).rejects.toThrow("cannot be drawn");
  });
});
