import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { layoutCollage } from "../../../src/core/view/collage-layout.ts";
import { collageColors } from "../../../src/core/view/collage-theme.ts";
import { type ConceptTile, drawCollage } from "../../../src/node/collage/draw-collage.ts";
import { writeCollage } from "../../../src/node/collage/write-collage.ts";
import { interFonts } from "../../core/view/fonts.ts";

type Rgb = readonly [number, number, number];
const colors: readonly Rgb[] = [
  [200, 30, 30],
  [30, 160, 40],
  [30, 60, 200],
  [230, 180, 20],
];
const sizes = [
  { width: 600, height: 100 },
  { width: 100, height: 500 },
  { width: 300, height: 200 },
  { width: 32, height: 32 },
];
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "collage-"));
});
afterAll(() => rm(folder, { recursive: true }));

function solid(size: { width: number; height: number }, color: Rgb): Promise<Buffer> {
  const background = { r: color[0], g: color[1], b: color[2] };
  return sharp({ create: { ...size, channels: 3, background } })
    .png()
    .toBuffer();
}

async function coloured(): Promise<ConceptTile> {
  const sources = await Promise.all(sizes.map((size, i) => solid(size, colors[i]!)));
  return { title: "colours", words: ["red"], size: 4, pictures: sources.map((source) => ({ source })) };
}

interface Pixels {
  at(x: number, y: number): Rgb;
  width: number;
  height: number;
}

async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): Rgb => {
    const start = (y * info.width + x) * 3;
    return [data[start]!, data[start + 1]!, data[start + 2]!];
  };
  return { at, width: info.width, height: info.height };
}

function near(a: Rgb, b: Rgb, tolerance = 6): boolean {
  return a.every((value, i) => Math.abs(value - b[i]!) <= tolerance);
}

function hex(color: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as unknown as Rgb;
}

describe("drawCollage", () => {
  it("shows each picture where the layout says, whole and in its aspect", async () => {
    const layout = layoutCollage([{ ...(await coloured()), pictures: sizes }], interFonts());
    for (const scale of [1, 2]) {
      const { png, width, height } = await drawCollage([await coloured()], { scale });
      expect([width, height]).toEqual([layout.width * scale, layout.height * scale]);
      const pixels = await pixelsOf(png);
      expect([pixels.width, pixels.height]).toEqual([width, height]);
      const placed = layout.tiles[0]!.pictures;
      placed.forEach((box, i) => {
        // The extent of the colour along both middles of the box is the box, to a pixel's blur.
        const middle = {
          x: Math.round((box.x + box.width / 2) * scale),
          y: Math.round((box.y + box.height / 2) * scale),
        };
        const isColor = (x: number, y: number) => near(pixels.at(x, y), colors[i]!);
        const across = count(width, (x) => isColor(x, middle.y));
        const down = count(height, (y) => isColor(middle.x, y));
        expect(Math.abs(across - box.width * scale)).toBeLessThanOrEqual(4);
        expect(Math.abs(down - box.height * scale)).toBeLessThanOrEqual(4);
      });
    }
  });

  it("lays transparent pictures on the theme's colours, with a plate for ink that would be lost", async () => {
    const ring = (color: string) =>
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><circle cx="100" cy="100" r="60" fill="${color}"/></svg>`,
      );
    const draw = async (ink: string, theme: "light" | "dark") => {
      const source = await sharp(ring(ink)).png().toBuffer();
      const tile = { title: "ink", words: [], size: 1, pictures: [{ source }] };
      const { png } = await drawCollage([tile], { theme, scale: 1 });
      const pixels = await pixelsOf(png);
      const box = layoutCollage([{ ...tile, pictures: [{ width: 200, height: 200 }] }], interFonts())
        .tiles[0]!.pictures[0]!;
      expect(near(pixels.at(2, 2), hex(collageColors[theme].page), 1)).toBe(true);
      expect(near(pixels.at(box.x + box.width / 2, box.y + box.height / 2), hex(ink))).toBe(true);
      return pixels.at(box.x + 12, box.y + Math.round(box.height / 2));
    };
    expect(near(await draw("#dd3333", "dark"), hex(collageColors.dark.card), 2)).toBe(true);
    expect(near(await draw("#dd3333", "light"), hex(collageColors.light.card), 2)).toBe(true);
    expect(near(await draw("#000000", "dark"), hex(collageColors.dark["dark-ink"]), 2)).toBe(true);
    expect(near(await draw("#ffffff", "light"), hex(collageColors.light["light-ink"]), 2)).toBe(true);
    expect(near(await draw("#000000", "light"), hex(collageColors.light.card), 2)).toBe(true);
  });

  it("turns pictures upright", async () => {
    const size = { width: 100, height: 300 };
    const halves = await sharp(await solid(size, colors[0]!))
      .composite([{ input: await solid({ width: 100, height: 150 }, colors[2]!), top: 0, left: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const tile = { title: "turned", words: [], size: 1, pictures: [{ source: halves }] };
    const pixels = await pixelsOf((await drawCollage([tile], { scale: 1 })).png);
    const upright = { width: 300, height: 100 };
    const box = layoutCollage([{ ...tile, pictures: [upright] }], interFonts()).tiles[0]!.pictures[0]!;
    const y = box.y + Math.round(box.height / 2);
    // Orientation 6: the stored top is the right side.
    expect(near(pixels.at(box.x + Math.round(box.width / 4), y), colors[0]!, 12)).toBe(true);
    expect(near(pixels.at(box.x + Math.round((box.width * 3) / 4), y), colors[2]!, 12)).toBe(true);
  });

  it("leaves a quiet place for what has vanished or is damaged", async () => {
    const png = await sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: "#fff",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const tile = {
      ...(await coloured()),
      pictures: [
        { source: join(folder, "holiday.jpg") },
        { source: new Uint8Array([1, 2, 3]), name: "broken.png" },
        { source: png.subarray(0, png.length / 3), name: "half.png" },
        { source: await solid(sizes[2]!, colors[2]!), name: "good.png" },
      ],
    };
    const collage = await drawCollage([tile], { scale: 1 });
    expect(collage.missing).toEqual(["holiday.jpg", "broken.png", "half.png"]);
    expect(collage.svg).toContain(">holiday.jpg</text>");
    expect(collage.svg.match(/<image /g)).toHaveLength(1);
  });

  it("stops when told to, and checks the scale", async () => {
    const stopped = drawCollage([await coloured()], { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
    await expect(drawCollage([await coloured()], { scale: 9 })).rejects.toThrow(InputError);
    await expect(drawCollage([])).rejects.toMatchObject({ code: "NO_CONCEPTS" });
  });

  it("reports progress, rising to one", async () => {
    const seen: number[] = [];
    await drawCollage([await coloured()], { scale: 1, onProgress: (fraction) => seen.push(fraction) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });
});

describe("writeCollage", () => {
  it("writes by extension, leaving nothing else", async () => {
    const collage = await drawCollage([await coloured()]);
    for (const name of ["a.png", "a.svg", "a.HTML"]) await writeCollage(join(folder, name), collage);
    expect((await readdir(folder)).sort()).toEqual(["a.HTML", "a.png", "a.svg"]);
    expect((await sharp(join(folder, "a.png")).metadata()).density).toBe(300);
    const svg = await readFile(join(folder, "a.svg"), "utf8");
    expect(svg).toMatch(/^<\?xml[^>]*>\n<svg /);
    expect(svg).toContain("@font-face");
    // What is written is a picture to another renderer too.
    expect((await sharp(Buffer.from(svg), { unlimited: true }).metadata()).width).toBeGreaterThan(100);
    expect(await readFile(join(folder, "a.HTML"), "utf8")).toMatch(/^<!doctype html>/);
    await expect(writeCollage(join(folder, "a.bmp"), collage)).rejects.toThrow(InputError);
  });
});

function count(length: number, matches: (at: number) => boolean): number {
  let matched = 0;
  for (let i = 0; i < length; i++) if (matches(i)) matched++;
  return matched;
}
