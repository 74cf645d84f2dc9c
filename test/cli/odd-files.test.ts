// Files that go or change while the whole command runs, and names and paths that most programs trip over.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

vi.setConfig({ testTimeout: 400_000 });

const folder = temporaryFolder("odd-files");
const at = (name: string): string => path.join(folder, name);
const FEW = ["--model", "mini", "--vocabulary-size", "100", "--json"];
const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
const modelOf = (name: string) => loadModel(at(name), knownStages());

describe("pictures that vanish or change while the command reads others", () => {
  it("are listed, or are in the model as what was read; the next run has all that is there", async () => {
    const some = emojiOf("twitter").filter((_, i) => i % 4 === 0);
    layOutEmoji(at("moving"), some, "twitter");
    const names = readdirSync(at("moving")).sort();
    const [gone, changed] = [names.slice(-20), names.slice(-60, -20)];
    const before = new Map(changed.map((name) => [name, hashOf(at(`moving/${name}`))]));
    const cache = at("moving-cache");
    const args = ["fit", at("moving"), "-o", at("moving.concept"), "--cache", cache, ...FEW];
    const run = await concept(args, {
      onStart: (child) => {
        const timer = setInterval(() => {
          // The folder was listed, and the first pictures are read.
          if (!existsSync(path.join(cache, "embeddings"))) return;
          if (!readdirSync(cache, { recursive: true }).some((name) => String(name).endsWith(".vectors")))
            return;
          clearInterval(timer);
          for (const name of gone) rmSync(at(`moving/${name}`));
          for (const name of changed)
            writeFileSync(at(`moving/${name}`), readFileSync(at(`moving/${names[0]}`)));
        }, 5);
        child.on("exit", () => clearInterval(timer));
      },
    });
    expect(run.code, run.stderr).toBe(3);
    expect(JSON.parse(run.stdout).skipped).toEqual(
      gone.map((name) => ({ path: name, code: "not-found", reason: "file not found" })),
    );
    const { images } = await modelOf("moving.concept");
    const ids = new Map(images.paths.map((name, row) => [name, images.ids[row]]));
    expect(ids.size).toBe(names.length - gone.length);
    const after = hashOf(at(`moving/${changed[0]}`));
    for (const name of changed) expect([before.get(name), after]).toContain(ids.get(name));
    const again = await concept(args);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ images: names.length - gone.length, embedded: 0 });
    for (const [name, id] of (await modelOf("moving.concept")).images.ids.entries())
      expect(id).toBe(hashOf(at(`moving/${images.paths[name]}`)));
  });
});

describe.skipIf(process.platform !== "linux")("names and paths of any kind", () => {
  afterAll(() => void execFileSync("rm", ["-rf", at("odd")]));

  it("are fitted, listed, searched, exported and updated by", async () => {
    const odd = at("odd");
    const names = [
      "ünï.png",
      "u\u0308n.png",
      "写真 1.png",
      "📷.png",
      "line\nbreak.png",
      "=1+1.png",
      "-o.png",
      'q"uo,te.png',
    ];
    const pictures = layOutEmoji(odd, emojiOf("twitter").slice(0, 60), "twitter");
    for (const [i, name] of names.entries()) writeFileSync(path.join(odd, name), readFileSync(pictures[i]!));
    // As an old system wrote "é.png", in a folder that it called "é" too.
    const latin = Buffer.concat([Buffer.from(`${odd}/`), Buffer.from([0xe9])]);
    mkdirSync(latin);
    writeFileSync(Buffer.concat([latin, Buffer.from("/a.png")]), readFileSync(pictures[0]!));
    writeFileSync(Buffer.concat([latin, Buffer.from(".png")]), readFileSync(pictures[0]!));
    const deep = layOutDeep(odd, pictures[1]!);

    const args = [
      "fit",
      odd,
      "-o",
      at("odd.concept"),
      "--cache",
      at("odd-cache"),
      "--captions",
      "sidecar",
      ...FEW,
    ];
    const run = await concept(args);
    expect(run.code, run.stderr).toBe(3);
    const { skipped } = JSON.parse(run.stdout) as { skipped: { path: string; code: string }[] };
    for (const { code } of skipped) expect(code).toBe("bad-name");
    expect(
      skipped
        .map((file) => file.path)
        .sort()
        .slice(-2),
    ).toEqual(["\uFFFD", "\uFFFD.png"]);
    const { images } = await modelOf("odd.concept");
    expect(images.paths).toEqual(expect.arrayContaining([...names, ...deep]));
    expect(Math.max(...images.paths.map((name) => Buffer.byteLength(path.join(odd, name))))).toBeGreaterThan(
      3800,
    );
    const table = readFileSync(at("odd.concept.skipped.csv"), "utf8");
    expect(table).toContain("\uFFFD.png,\uFFFD.png,bad-name,name is not valid UTF-8: rename it");

    const found = await concept([
      "search",
      at("odd.concept"),
      "--image",
      path.join(odd, "line\nbreak.png"),
      "--json",
      "--cache",
      at("odd-cache"),
    ]);
    expect(found.code, found.stderr).toBe(0);
    const exported = await concept(["export", at("odd.concept"), "--to", "folders", "-o", at("exported")]);
    expect(exported.code, exported.stderr).toBe(0);
    const copies = execFileSync("find", ["-L", at("exported"), "-type", "f", "-printf", "x"], {
      encoding: "utf8",
    });
    expect(copies.length).toBe(images.paths.length);
    const updated = await concept(["update", at("odd.concept"), odd, "--json", "--cache", at("odd-cache")]);
    expect(JSON.parse(updated.stdout)).toMatchObject({
      added: 0,
      changed: 0,
      removed: 0,
      kept: images.paths.length,
    });
  });
});

/** Folders in folders until no path to a file in the next fits into 4,096 bytes, made step by step. Gives the pictures that fit. */
function layOutDeep(root: string, picture: string): string[] {
  const part = "n".repeat(200);
  const depth = Math.floor((4090 - root.length) / (part.length + 1));
  const script = `cd "$1"; for i in $(seq ${depth + 1}); do mkdir ${part}; cp "$2" ${part}/p.png; cd ${part}; done`;
  execFileSync("bash", ["-ec", script, "bash", root, picture]);
  return Array.from({ length: depth - 1 }, (_, i) => `${`${part}/`.repeat(i + 1)}p.png`);
}
