import { readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import type { PixelRequest, Pixels } from "../../../src/embed/image-decoder.ts";
import { centerCrop, resizedSize } from "../../../src/node/images/resize-geometry.ts";
import { SharpDecoder } from "../../../src/node/images/sharp-decoder.ts";
import { noisy, temporaryFolder, twoColours, writeHugePicture } from "./pictures.ts";

const decoder = new SharpDecoder();
const exactly = (width: number, height: number): PixelRequest => ({
  resize: { width, height },
  resample: "bicubic",
  crop: null,
});
const pixelAt = ({ data, width }: Pixels, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

/** Red on the left, blue on the right; every value within `tolerance`. */
function expectRedThenBlue(pixels: Pixels, tolerance: number): void {
  const red = pixelAt(pixels, 2, pixels.height >> 1);
  const blue = pixelAt(pixels, pixels.width - 3, pixels.height >> 1);
  const away = [red[0]! - 255, red[1]!, red[2]!, blue[0]!, blue[1]!, blue[2]! - 255].map(Math.abs);
  expect(Math.max(...away)).toBeLessThanOrEqual(tolerance);
}

function redBlue(width = 40, height = 20): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

describe("SharpDecoder", () => {
  it("leaves the pixels of a PNG of the right size as they are", async () => {
    const picture = noisy(32, 32);
    const png = await picture.png().toBuffer();
    const { data } = await decoder.decode(png, exactly(32, 32));
    expect(Buffer.from(data)).toEqual(await sharp(png).raw().toBuffer());
  });

  it.each(["jpeg", "png", "webp", "gif", "tiff", "avif"] as const)("reads %s", async (format) => {
    const pixels = await decoder.decode(await redBlue().toFormat(format).toBuffer(), exactly(40, 20));
    expectRedThenBlue(pixels, 12);
  });

  it("turns a JPEG upright as its EXIF says", async () => {
    const lying = await redBlue().rotate(-90).jpeg({ quality: 100 }).toBuffer();
    for (const shrinkOnLoad of ["none", "half", "full"] as const) {
      const jpeg = await sharp(lying).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
      const request: PixelRequest = { resize: { shortestEdge: 10 }, resample: "bicubic", crop: null };
      const pixels = await new SharpDecoder({ shrinkOnLoad }).decode(jpeg, request);
      expect([pixels.width, pixels.height]).toEqual([20, 10]);
      expectRedThenBlue(pixels, 12);
    }
  });

  it("lays transparency on white", async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    const png = await sharp({ create: { width: 8, height: 8, channels: 4, background: clear } })
      .png()
      .toBuffer();
    const { data } = await decoder.decode(png, exactly(4, 4));
    expect(new Set(data)).toEqual(new Set([255]));
  });

  it("brings 16 bits, CMYK, grey and palettes to 8-bit sRGB", async () => {
    const deep = await redBlue().toColourspace("rgb16").png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe("ushort");
    expectRedThenBlue(await decoder.decode(deep, exactly(40, 20)), 2);

    const cmyk = await redBlue().toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    const [red, green] = pixelAt(await decoder.decode(cmyk, exactly(40, 20)), 2, 10);
    expect(red! - green!).toBeGreaterThan(150);

    expectRedThenBlue(
      await decoder.decode(await redBlue().png({ palette: true }).toBuffer(), exactly(40, 20)),
      2,
    );

    const grey = await redBlue().greyscale().toColourspace("b-w").png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    const [r, g, b] = pixelAt(await decoder.decode(grey, exactly(40, 20)), 2, 10);
    expect(r).toBe(g);
    expect(g).toBe(b);
  });

  it.each(["gif", "webp"] as const)("takes the first frame of an animated %s", async (format) => {
    const frames = await sharp(
      [await redBlue().png().toBuffer(), await redBlue().negate().png().toBuffer()],
      {
        join: { animated: true },
      },
    )
      .toFormat(format)
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    expectRedThenBlue(await decoder.decode(frames, exactly(40, 20)), 12);
  });

  it("says why a file is no picture", async () => {
    const reason = (bytes: Uint8Array) =>
      decoder.decode(bytes, exactly(4, 4)).then(String, (error) => error.message);
    const svg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4" />';
    expect(await reason(new Uint8Array(0))).toBe("empty file");
    expect(await reason(Buffer.from("dear diary,\nthis is no png"))).toBe("not a picture (text?)");
    expect(await reason(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]))).toBe("not a picture");
    expect(await reason(Buffer.from(svg))).toBe("SVG pictures cannot be read");
    expect(await reason(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"))).toBe(
      "HEIC pictures cannot be read",
    );
  });

  it.each([
    "jpeg",
    "png",
    "webp",
    "gif",
    "tiff",
    "avif",
  ] as const)("calls half a %s truncated", async (format) => {
    const whole = await noisy(120, 90).toFormat(format).toBuffer();
    const half = whole.subarray(0, whole.length >> 1);
    await expect(decoder.decode(half, exactly(8, 8))).rejects.toThrow(/^truncated: /);
  });

  it("gives each of many bad files its own reason, however many fail at once", async () => {
    const jpeg = await noisy(120, 90).jpeg().toBuffer();
    const png = await noisy(120, 90).png().toBuffer();
    png[png.length >> 1]! ^= 0x40;
    const inputs = Array.from({ length: 60 }, (_, i) => (i % 2 ? png : jpeg.subarray(0, jpeg.length >> 1)));
    const reasons = await Promise.all(
      inputs.map((bytes) => decoder.decode(bytes, exactly(8, 8)).then(String, (error) => error.message)),
    );
    expect(new Set(reasons.filter((_, i) => i % 2 === 0))).toEqual(
      new Set(["truncated: the JPEG ends too early"]),
    );
    expect(new Set(reasons.filter((_, i) => i % 2))).toEqual(new Set(["damaged: cannot be decoded as PNG"]));
  });

  it("notices a file that breaks off below the crop", async () => {
    const whole = await noisy(200, 600).jpeg().toBuffer();
    const most = whole.subarray(0, Math.floor(whole.length * 0.97));
    const request: PixelRequest = {
      resize: { shortestEdge: 32 },
      resample: "bicubic",
      crop: { width: 32, height: 32 },
    };
    await expect(decoder.decode(most, request)).rejects.toThrow(/^truncated: /);
  });

  it("refuses huge pictures by their header, and slim ones", async () => {
    const folder = await temporaryFolder();
    await writeHugePicture(path.join(folder, "huge.png"));
    const huge = await readFile(path.join(folder, "huge.png"));
    await expect(decoder.decode(huge, exactly(4, 4))).rejects.toThrow(
      "20000 x 20000 pixels exceed the limit of 268 megapixels",
    );
    const slim = await noisy(1, 20_000).png().toBuffer();
    const request: PixelRequest = { resize: { shortestEdge: 224 }, resample: "bicubic", crop: null };
    await expect(decoder.decode(slim, request)).rejects.toThrow("1 x 20000 pixels are too slim to resize");
  });

  it("stops when aborted", async () => {
    const png = await twoColours(1).png().toBuffer();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(decoder.decode(png, exactly(4, 4), signal)).rejects.toThrow("enough");
  });

  it("survives any mutation of a picture", async () => {
    const seeds = await Promise.all(
      (["jpeg", "png", "webp", "gif", "tiff"] as const).map((format) =>
        noisy(24, 18).toFormat(format).toBuffer(),
      ),
    );
    const mutation = fc.record({
      seed: fc.constantFrom(...seeds),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
      keep: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ seed, edits, keep }) => {
        const bytes = Buffer.from(seed.subarray(0, Math.ceil(seed.length * keep)));
        for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const result = await decoder.decode(bytes, exactly(6, 5)).catch((error: Error) => error);
        if (result instanceof Error) expect(result.name).toBe("FormatError");
        else expect(result.data.length).toBe(6 * 5 * 3);
      }),
      { numRuns: 300 },
    );
  });
});

describe("resize geometry", () => {
  it("rounds the longer edge down, as transformers does", () => {
    expect(resizedSize({ width: 640, height: 427 }, { shortestEdge: 224 })).toEqual({
      width: 335,
      height: 224,
    });
    expect(resizedSize({ width: 427, height: 640 }, { shortestEdge: 224 })).toEqual({
      width: 224,
      height: 335,
    });
    expect(resizedSize({ width: 5, height: 9 }, { width: 3, height: 2 })).toEqual({ width: 3, height: 2 });
  });

  it("cuts the odd pixel at the bottom and right, pads with black", () => {
    const data = Uint8Array.from({ length: 5 * 3 }, (_, i) => Math.floor(i / 3) + 1);
    const line = { data, width: 5, height: 1 };
    expect([...centerCrop(line, { width: 2, height: 1 }).data]).toEqual([2, 2, 2, 3, 3, 3]);
    const tall = centerCrop(line, { width: 1, height: 4 });
    expect([...tall.data]).toEqual([0, 0, 0, 0, 0, 0, 3, 3, 3, 0, 0, 0]);
  });
});
