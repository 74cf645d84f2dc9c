// The folder that ended the Python package: bad files among good ones, and runs that are killed.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("faults");
const emoji = emojiOf("twitter");

describe("a folder with bad files among good ones", () => {
  it("is fitted without them, with every reason listed, and ends with 3", async () => {
    const pictures = path.join(folder, "mixed");
    const good = layOutEmoji(pictures, emoji.slice(0, 1000), "twitter");
    await layOutBadFiles(pictures);
    const model = path.join(folder, "mixed.concept");
    const cache = path.join(folder, "mixed-cache");
    const run = await concept(["fit", pictures, "-o", model, "--model", "mini", "--cache", cache, "--json"]);
    expect(run.code).toBe(3);
    const result = JSON.parse(run.stdout);
    expect(result.images).toBe(good.length + 2);
    expect(result.concepts).toBeGreaterThan(0);
    const reasons = Object.fromEntries(
      result.skipped.map((file: { path: string; reason: string }) => [file.path, file.reason]),
    );
    expect(Object.keys(reasons).sort()).toEqual(
      [
        "broken-link.png",
        "empty.jpg",
        "huge.png",
        "loop-a.png",
        "loop-b.png",
        "sub/back",
        "text.png",
        "truncated.jpg",
      ].sort(),
    );
    expect(reasons["empty.jpg"]).toMatch(/empty/);
    expect(reasons["huge.png"]).toMatch(/20000 x 20000/);
    expect(reasons["truncated.jpg"]).toMatch(/truncated|end/i);
    expect(reasons["text.png"]).toMatch(/not a picture/);

    const people = await concept(["assign", model, pictures, "--cache", cache]);
    expect(people.code).toBe(3);
    for (const name of Object.keys(reasons)) expect(people.stderr).toContain(name);
  });

  it("fails in two lines when not a single picture can be read", async () => {
    const pictures = path.join(folder, "none");
    mkdirSync(pictures);
    writeFileSync(path.join(pictures, "empty.jpg"), "");
    const run = await concept(["fit", pictures, "-o", path.join(folder, "none.concept"), "--model", "mini"]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/empty\.jpg/);
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
    expect(existsSync(path.join(folder, "none.concept"))).toBe(false);
  });
});

describe("a run that is killed", () => {
  const pictures = path.join(folder, "killed");
  const fitArguments = (name: string, cache: string): string[] => [
    "fit",
    pictures,
    "-o",
    path.join(folder, name),
    "--model",
    "mini",
    "--cache",
    path.join(folder, cache),
    "--json",
  ];

  it("goes on where it was, embeds nothing twice, and ends with the model of an undisturbed run", async () => {
    layOutEmoji(pictures, emoji, "twitter");
    const undisturbed = await concept(fitArguments("undisturbed.concept", "cache-a"));
    expect(undisturbed.code).toBe(0);

    const cache = path.join(folder, "cache-b");
    await concept(fitArguments("resumed.concept", "cache-b"), {
      onStart: (child) => {
        const timer = setInterval(() => {
          if (bytesUnder(cache) < 100_000) return;
          clearInterval(timer);
          child.kill("SIGKILL");
        }, 5);
        child.on("exit", () => clearInterval(timer));
      },
    });
    expect(existsSync(path.join(folder, "resumed.concept"))).toBe(false);

    const resumed = await concept(fitArguments("resumed.concept", "cache-b"));
    expect(resumed.code).toBe(0);
    const { embedded, cached } = JSON.parse(resumed.stdout);
    expect(embedded + cached).toBe(emoji.length);
    expect(cached).toBeGreaterThan(0);
    for (const file of filesUnder(path.join(folder, "undisturbed.concept"))) {
      const twin = file.replace("undisturbed.concept", "resumed.concept");
      expect(readFileSync(twin).equals(readFileSync(file)), path.basename(file)).toBe(true);
    }
  });

  it("says on Ctrl-C that nothing is lost, and ends with 130", async () => {
    const run = await concept(fitArguments("interrupted.concept", "cache-c"), {
      onStart: (child) => {
        const timer = setInterval(() => {
          if (bytesUnder(path.join(folder, "cache-c")) === 0) return;
          clearInterval(timer);
          child.kill("SIGINT");
        }, 5);
        child.on("exit", () => clearInterval(timer));
      },
    });
    expect(run.code).toBe(130);
    expect(run.stderr).toMatch(/goes on from here/);
    expect(existsSync(path.join(folder, "interrupted.concept"))).toBe(false);
  });
});

async function layOutBadFiles(pictures: string): Promise<void> {
  const photo = sharp({ create: { width: 300, height: 200, channels: 3, background: "teal" } });
  const jpeg = await photo.jpeg().toBuffer();
  writeFileSync(path.join(pictures, "good.jpg"), jpeg);
  mkdirSync(path.join(pictures, "sub"));
  writeFileSync(path.join(pictures, "sub", "good too ünïcode.jpg"), jpeg);
  writeFileSync(path.join(pictures, "empty.jpg"), "");
  writeFileSync(path.join(pictures, "truncated.jpg"), jpeg.subarray(0, jpeg.length * 0.6));
  writeFileSync(path.join(pictures, "text.png"), "This is not a picture.\n");
  const huge = sharp({
    create: { width: 20_000, height: 20_000, channels: 3, background: "white" },
    limitInputPixels: false,
  });
  await huge.png({ compressionLevel: 9 }).toFile(path.join(pictures, "huge.png"));
  symlinkSync("loop-b.png", path.join(pictures, "loop-a.png"));
  symlinkSync("loop-a.png", path.join(pictures, "loop-b.png"));
  symlinkSync("nowhere.png", path.join(pictures, "broken-link.png"));
  symlinkSync("..", path.join(pictures, "sub", "back"));
}

function filesUnder(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function bytesUnder(root: string): number {
  return filesUnder(root).reduce((sum, file) => sum + readFileSync(file).length, 0);
}
