// A disk that is full, really: small file systems where one may be mounted, and a limit on the size of files everywhere.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { concept, type Run, type RunOptions, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";
import { tinyDisk } from "../support/tiny-disk.ts";

const folder = temporaryFolder("disk-full");
const pictures = path.join(folder, "pictures");
const few = path.join(folder, "few");
const fullCache = path.join(folder, "cache");
const disk = tinyDisk("200k");

function fit(model: string, cache: string, more: readonly string[] = [], options?: RunOptions): Promise<Run> {
  const how = ["--model", "mini", "--vocabulary-size", "200", "--cache", cache];
  return concept(["fit", pictures, "-o", model, ...how, ...more], options);
}

const filesOf = (model: string): Map<string, string> =>
  new Map(
    readdirSync(model, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(model, file), readFileSync(file).toString("hex")]),
  );

/** Takes all but `bytes` of a small disk. */
function leaveRoom(root: string, bytes: number): string {
  const ballast = path.join(root, "ballast");
  writeFileSync(ballast, Buffer.alloc((200 << 10) - bytes));
  return ballast;
}

function clear(root: string): void {
  for (const name of readdirSync(root)) rmSync(path.join(root, name), { recursive: true });
}

beforeAll(async () => {
  layOutEmoji(few, emojiOf("twitter").slice(0, 40), "twitter");
  layOutEmoji(
    pictures,
    emojiOf("twitter").filter((_, i) => i % 8 === 0),
    "twitter",
  );
  const run = await fit(path.join(folder, "whole.concept"), fullCache);
  expect(run.code, run.stderr).toBe(0);
}, 120_000);

describe.skipIf(disk === undefined)("concept on a full disk", () => {
  it("with the cache says so, keeps what was embedded, and goes on when there is room", async () => {
    clear(disk!);
    const ballast = leaveRoom(disk!, 100 << 10);
    const model = path.join(folder, "cache-full.concept");
    const cache = path.join(disk!, "cache");
    const full = await fit(model, cache);
    expect([full.code, full.stderr]).toEqual([
      1,
      expect.stringMatching(/cache cannot be written: .*the disk is full at .*\n.*is kept.*\n$/),
    ]);
    expect(existsSync(model)).toBe(false);
    rmSync(ballast);
    // There is room for the pictures, and the words come from elsewhere: they are less than before.
    const again = await fit(model, cache, ["--vocabulary-size", "40", "--json"]);
    expect(again.code, again.stderr).toBe(0);
    const { embedded, cached } = JSON.parse(again.stdout);
    expect(cached).toBeGreaterThan(0);
    expect(embedded + cached).toBe(readdirSync(pictures).length);
    const whole = filesOf(path.join(folder, "whole.concept"));
    expect(filesOf(model).get("vectors/images.npy")).toBe(whole.get("vectors/images.npy"));
  });

  it("with the model leaves the earlier one as it was, and nothing beside it", async () => {
    clear(disk!);
    const model = path.join(disk!, "m.concept");
    const how = ["--model", "mini", "--vocabulary-size", "20", "--cache", fullCache];
    const first = await concept(["fit", few, "-o", model, ...how]);
    expect(first.code, first.stderr).toBe(0);
    const before = filesOf(model);
    const full = await fit(model, fullCache);
    expect([full.code, full.stderr]).toEqual([
      1,
      expect.stringMatching(/m\.concept: found the disk is full\.\nFree some space.*\n$/),
    ]);
    expect(filesOf(model)).toEqual(before);
    expect(readdirSync(disk!)).toEqual(["m.concept"]);
    const found = await concept(["info", model, "--json"]);
    expect(JSON.parse(found.stdout).images).toBe(40);
  });

  it("with the edits of a model says so, and loses none that were there", async () => {
    clear(disk!);
    const model = path.join(disk!, "m.concept");
    const how = ["--model", "mini", "--vocabulary-size", "20", "--cache", fullCache];
    await concept(["fit", few, "-o", model, "--min-size", "5", ...how]);
    expect((await concept(["edit", model, "rename", "0", "kept"])).code).toBe(0);
    const log = readFileSync(path.join(model, "edits.jsonl"), "utf8");
    fillUp(disk!);
    const full = await concept(["edit", model, "rename", "0", "lost"]);
    expect([full.code, full.stderr]).toEqual([
      1,
      expect.stringMatching(/edits of .*m\.concept cannot be saved: found the disk is full/),
    ]);
    expect(readFileSync(path.join(model, "edits.jsonl"), "utf8").startsWith(log)).toBe(true);
    rmSync(path.join(disk!, "rest"));
    expect((await concept(["edit", model, "rename", "0", "later"])).code).toBe(0);
    const listed = await concept(["edit", model, "list"]);
    expect(listed.stdout).toMatch(/kept.*\n.*later/);
  });

  it("with the list of what was skipped saves the model first, and leaves no half of the list", async () => {
    clear(disk!);
    const some = path.join(folder, "some-bad");
    layOutEmoji(some, emojiOf("twitter").slice(0, 40), "twitter");
    for (let i = 0; i < 300; i++)
      writeFileSync(path.join(some, `no picture, but a long name ${i}.png`), "text");
    leaveRoom(disk!, 8 << 10);
    const model = path.join(folder, "listed.concept");
    const list = path.join(disk!, "skipped.csv");
    const run = await concept([
      "fit",
      some,
      "-o",
      model,
      "--skipped",
      list,
      "--model",
      "mini",
      "--vocabulary-size",
      "20",
      "--cache",
      fullCache,
    ]);
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringMatching(/skipped\.csv cannot be written: found the disk is full\.\nFree some space.*\n$/),
    ]);
    expect(readdirSync(disk!)).toEqual(["ballast"]);
    expect((await concept(["info", model])).code).toBe(0);
  });
});

/** Takes what is left. */
function fillUp(root: string): void {
  const rest = path.join(root, "rest");
  for (let size = 200 << 10; size >= 1; size >>= 1) {
    for (;;) {
      try {
        writeFileSync(rest, Buffer.alloc(size), { flag: "a" });
      } catch {
        break;
      }
    }
  }
}

/** Files over the limit are refused as on a full disk; without the trap the system would end the program. */
const noFileOver = (kilobytes: number): RunOptions => ({ prelude: `trap '' XFSZ; ulimit -f ${kilobytes}` });

describe.skipIf(process.platform === "win32")("concept where a write fails", () => {
  it("of the cache: the reason is told, what was embedded is kept, and the next run goes on", async () => {
    const model = path.join(folder, "limited.concept");
    const cache = path.join(folder, "limited-cache");
    const failed = await fit(model, cache, [], noFileOver(60));
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringMatching(/cache cannot be written: .*larger than is allowed here at .*\n.*is kept/),
    ]);
    expect(existsSync(model)).toBe(false);
    const again = await fit(model, cache, ["--json"]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).cached).toBeGreaterThan(0);
    expect(filesOf(model)).toEqual(filesOf(path.join(folder, "whole.concept")));
  });

  it("of the model: nothing of it is left, and the earlier one stays", async () => {
    const place = path.join(folder, "limited");
    mkdirSync(place);
    const model = path.join(place, "m.concept");
    const failed = await fit(model, fullCache, [], noFileOver(60));
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringMatching(/saved to .*m\.concept: found the file would be larger/),
    ]);
    expect(readdirSync(place)).toEqual([]);
    expect((await fit(model, fullCache)).code).toBe(0);
    const before = filesOf(model);
    expect((await fit(model, fullCache, ["--seed", "7"], noFileOver(60))).code).toBe(1);
    expect(filesOf(model)).toEqual(before);
    expect(readdirSync(place)).toEqual(["m.concept"]);
  });

  it.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
    "of the list of what was skipped, to a device: the model is saved, the device stays (it was replaced, and deleted)",
    async () => {
      const device = path.join(folder, "full");
      execFileSync("mknod", [device, "c", "1", "7"]);
      const bad = path.join(few, "bad.png");
      writeFileSync(bad, "text");
      const model = path.join(folder, "device.concept");
      const args = [
        "fit",
        few,
        "-o",
        model,
        "--skipped",
        device,
        "--model",
        "mini",
        "--vocabulary-size",
        "20",
      ];
      const failed = await concept([...args, "--cache", fullCache]);
      expect([failed.code, failed.stderr]).toEqual([
        1,
        expect.stringMatching(/full cannot be written: found the disk is full/),
      ]);
      expect((await concept(["info", model])).code).toBe(0);
      expect(statSync(device).isCharacterDevice()).toBe(true);
      rmSync(bad);
      expect((await concept([...args, "--cache", fullCache])).code).toBe(0);
      expect(statSync(device).isCharacterDevice()).toBe(true);
    },
  );
});
