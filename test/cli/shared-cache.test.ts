// One cache under the whole command: two runs at once, one of them killed, flipped bits, other models, the same picture twice.
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { concept, type Run, type RunOptions, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

vi.setConfig({ testTimeout: 400_000 });

const folder = temporaryFolder("shared-cache");
const pictures = path.join(folder, "pictures");
const at = (name: string): string => path.join(folder, name);
const FEW = ["--model", "mini", "--vocabulary-size", "100", "--json"];

function fit(given: string, model: string, cache: string, options?: RunOptions): Promise<Run> {
  return concept(["fit", given, "-o", at(model), "--cache", at(cache), ...FEW], options);
}

/** Every file of a folder, by its path there. */
function contentOf(model: string): Map<string, string> {
  const files = readdirSync(at(model), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(at(model), file), readFileSync(file).toString("base64")];
    }),
  );
}

function segmentsOf(cache: string): string[] {
  const [model] = readdirSync(at(`${cache}/embeddings`));
  const place = at(`${cache}/embeddings/${model}`);
  return readdirSync(place)
    .filter((name) => name.endsWith(".vectors"))
    .map((name) => path.join(place, name))
    .sort();
}

/** The last word of a run: what it embedded, and what it found in the cache. */
function counts(run: Run): { embedded: number; cached: number; skipped: unknown[] } {
  expect([0, 3], run.stderr).toContain(run.code);
  const { embedded, cached, skipped } = JSON.parse(run.stdout);
  return { embedded, cached, skipped };
}

let count = 0;
beforeAll(async () => {
  const some = emojiOf("twitter").filter((_, i) => i % 12 === 0);
  count = layOutEmoji(pictures, some, "twitter").length;
  expect(counts(await fit(pictures, "calm.concept", "calm-cache"))).toEqual({
    embedded: count,
    cached: 0,
    skipped: [],
  });
}, 200_000);

describe("two fits at once on one cache", () => {
  it("both end as one alone, and leave a cache in which nothing is missing or wrong", async () => {
    const runs = await Promise.all(["a", "b"].map((name) => fit(pictures, `${name}.concept`, "both-cache")));
    for (const run of runs) {
      const { embedded, cached } = counts(run);
      expect(embedded + cached).toBe(count);
    }
    for (const name of ["a", "b"]) expect(contentOf(`${name}.concept`)).toEqual(contentOf("calm.concept"));
    expect(counts(await fit(pictures, "after.concept", "both-cache"))).toEqual({
      embedded: 0,
      cached: count,
      skipped: [],
    });
    expect(contentOf("after.concept")).toEqual(contentOf("calm.concept"));
  });

  it("of which one is killed: the other ends as if it had been alone, and the killed one goes on", async () => {
    const [killed, other] = await Promise.all([
      fit(pictures, "killed.concept", "killed-cache", { onStart: killOnceItHasWritten("killed-cache") }),
      fit(pictures, "other.concept", "killed-cache"),
    ]);
    expect([killed!.code, killed!.stdout]).toEqual([null, ""]);
    counts(other!);
    expect(contentOf("other.concept")).toEqual(contentOf("calm.concept"));
    expect(counts(await fit(pictures, "killed.concept", "killed-cache"))).toMatchObject({
      embedded: 0,
      cached: count,
    });
    expect(contentOf("killed.concept")).toEqual(contentOf("calm.concept"));
  });

  it("and to one place: whole models are left there, the second beside the first where it found that when it ended", async () => {
    const place = at("one-place");
    mkdirSync(place);
    const runs = await Promise.all([1, 2].map(() => fit(pictures, "one-place/m.concept", "calm-cache")));
    expect(runs.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, stderr } of runs) expect([0, 1], stderr).toContain(code);
    const left = readdirSync(place);
    expect(left).toContain("m.concept");
    for (const name of left) {
      expect(contentOf(`one-place/${name}`)).toEqual(contentOf("calm.concept"));
      if (name !== "m.concept") expect(runs.some(({ stderr }) => stderr.includes(name))).toBe(true);
    }
  });
});

/** Once there are vectors in the cache it may be at any point, with a batch half-written or not. */
function killOnceItHasWritten(cache: string): NonNullable<RunOptions["onStart"]> {
  return (child) => {
    const timer = setInterval(() => {
      try {
        if (segmentsOf(cache).every((file) => readFileSync(file).length < 10_000)) return;
      } catch {
        return;
      }
      clearInterval(timer);
      child.kill("SIGKILL");
    }, 10);
    child.on("exit", () => clearInterval(timer));
  };
}

describe("a cache that was damaged", () => {
  it("by flipped bits gives none of them: what they hit is embedded again, the rest is not", async () => {
    cpSync(at("calm-cache"), at("flipped-cache"), { recursive: true });
    const [segment] = segmentsOf("flipped-cache");
    const bytes = readFileSync(segment!);
    // Pictures come first. Of three records the key, the vector and the checksum.
    const size = 32 + 4 * 128 + 4;
    for (const byte of [64 + 3, 64 + 20 * size + 200, 64 + 41 * size - 2]) bytes[byte]! ^= 0x40;
    writeFileSync(segment!, bytes);
    expect(counts(await fit(pictures, "flipped.concept", "flipped-cache"))).toMatchObject({
      embedded: 3,
      cached: count - 3,
    });
    expect(contentOf("flipped.concept")).toEqual(contentOf("calm.concept"));
    // What was embedded again is kept, beside what is damaged.
    expect(counts(await fit(pictures, "flipped.concept", "flipped-cache"))).toMatchObject({ embedded: 0 });
  });

  it("by a torn end, a header of nothing and rubbish in place of a shard loses no more than these", async () => {
    cpSync(at("calm-cache"), at("torn-cache"), { recursive: true });
    const [segment] = segmentsOf("torn-cache");
    const bytes = readFileSync(segment!);
    writeFileSync(segment!, bytes.subarray(0, 64 + 30 * (32 + 4 * 128 + 4) + 17));
    writeFileSync(segment!.replace("/0", "/00"), Buffer.alloc(5000));
    writeFileSync(segment!.replace("/0", "/01"), "rubbish");
    expect(counts(await fit(pictures, "torn.concept", "torn-cache"))).toMatchObject({
      embedded: count - 30,
      cached: 30,
    });
    expect(contentOf("torn.concept")).toEqual(contentOf("calm.concept"));
  });

  it("by another model's shards and label takes none of their vectors, and says what is wrong", async () => {
    cpSync(at("calm-cache"), at("other-cache"), { recursive: true });
    const [segment] = segmentsOf("other-cache");
    const place = path.dirname(segment!);
    // A shard of this shape by another model: its header says whose it is.
    const bytes = readFileSync(segment!);
    bytes[20]! ^= 1;
    writeFileSync(segment!, bytes);
    expect(counts(await fit(pictures, "other.concept", "other-cache"))).toMatchObject({ embedded: count });
    expect(contentOf("other.concept")).toEqual(contentOf("calm.concept"));
    // The whole folder of another model, under this one's name.
    const label = JSON.parse(readFileSync(path.join(place, "cache.json"), "utf8"));
    writeFileSync(path.join(place, "cache.json"), JSON.stringify({ ...label, embedderId: "someone/else" }));
    const refused = await fit(pictures, "refused.concept", "other-cache");
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        /cache does not fit the model: expected embedderId "sha256-.*someone\/else.*\nDelete the folder/,
      ),
    ]);
  });
});

describe("a picture under several names", () => {
  it("is embedded once, kept under each, and known again under a new one", async () => {
    const doubled = at("doubled");
    cpSync(pictures, doubled, { recursive: true });
    const names = readdirSync(pictures).sort();
    mkdirSync(path.join(doubled, "again"));
    for (const name of names.slice(0, 50))
      cpSync(path.join(pictures, name), path.join(doubled, "again", `x ${name}`));
    // Bad ones are listed under each of their names.
    for (const name of ["bad 1.png", "bad 2.png"]) writeFileSync(path.join(doubled, name), "text");
    const first = counts(await fit(doubled, "doubled.concept", "doubled-cache"));
    expect(first).toMatchObject({ embedded: count, cached: 50 });
    expect(first.skipped).toEqual(
      ["bad 1.png", "bad 2.png"].map((name) => {
        return { path: name, code: "not-a-picture", reason: "not a picture (text?)" };
      }),
    );
    const info = JSON.parse((await concept(["info", at("doubled.concept"), "--json"])).stdout);
    expect(info.images).toBe(count + 50);
    renameSync(path.join(doubled, names[0]!), path.join(doubled, "renamed.png"));
    for (const name of ["bad 1.png", "bad 2.png"]) rmSync(path.join(doubled, name));
    expect(counts(await fit(doubled, "doubled.concept", "doubled-cache"))).toEqual({
      embedded: 0,
      cached: count + 50,
      skipped: [],
    });
  });
});
