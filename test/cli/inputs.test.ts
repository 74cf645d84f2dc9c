// Pictures in archives, lists and patterns: fitted as from a folder, and read by their saved paths ever after.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, type Run, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";
import { haveProgram } from "../support/programs.ts";
import { serve } from "../support/web-server.ts";

const folder = temporaryFolder("inputs");
const pictures = path.join(folder, "pictures");
const cache = ["--cache", path.join(folder, "cache")];
const hasArchivers = haveProgram("tar", ["--version"]) && haveProgram("zip", ["-v"]);

async function fit(output: string, ...args: string[]): Promise<Run> {
  const options = ["-o", path.join(folder, output), "--model", "mini", "--vocabulary-size", "300", ...cache];
  return concept(["fit", ...args, ...options], { cwd: folder });
}

const vectorsOf = (output: string): Buffer => readFileSync(path.join(folder, output, "vectors/images.npy"));
const modelOf = (output: string) => loadModel(path.join(folder, output), knownStages());

beforeAll(async () => {
  const names = layOutEmoji(
    pictures,
    emojiOf("twitter").filter((_, i) => i % 12 === 0),
    "twitter",
  );
  expect(names.length).toBeGreaterThan(150);
  const run = await fit("folder.concept", "pictures");
  expect(run.code, run.stderr).toBe(0);
  if (!hasArchivers) return;
  const sorted = readdirSync(pictures).sort();
  const list = path.join(folder, "names");
  writeFileSync(list, sorted.map((name) => `${name}\n`).join(""));
  execFileSync("tar", ["-cf", "../p.tar", "-T", list], { cwd: pictures });
  execFileSync("tar", ["-czf", "../p.tar.gz", "-T", list], { cwd: pictures });
  execFileSync("zip", ["-q", "../p.zip", "-@"], { cwd: pictures, input: readFileSync(list) });
}, 120_000);

describe.skipIf(!hasArchivers)("concept fit on archives", () => {
  it.each(["p.zip", "p.tar", "p.tar.gz"])("finds in %s what it finds in the folder", async (archive) => {
    const run = await fit("archive.concept", archive);
    expect(run.code, run.stderr).toBe(0);
    expect(vectorsOf("archive.concept").equals(vectorsOf("folder.concept"))).toBe(true);
    const [packed, plain] = [await modelOf("archive.concept"), await modelOf("folder.concept")];
    expect(packed.images.root).toBe(folder);
    expect(packed.images.paths).toEqual(plain.images.paths.map((name) => `${archive}!/${name}`));
    expect(packed.images.ids).toEqual(plain.images.ids);
    expect(packed.concepts.map(({ name }) => name)).toEqual(plain.concepts.map(({ name }) => name));
    if (archive !== "p.tar.gz") return;
    const first = readFileSync(path.join(folder, "archive.concept/model.json"), "utf8");
    await fit("again.concept", archive);
    const again = readFileSync(path.join(folder, "again.concept/model.json"), "utf8");
    expect(again).toBe(first);
  });

  it("draws, reports, compares, searches, exports and assigns from the saved paths", async () => {
    await fit("use.concept", "p.zip", "p.tar");
    const model = path.join(folder, "use.concept");
    const { images } = await modelOf("use.concept");
    const name = images.paths.find((entry) => entry.startsWith("p.zip!/"))!;
    const collage = path.join(folder, "c.svg");
    const drawn = await concept(["visualize", model, "-o", collage]);
    expect([drawn.code, drawn.stderr]).toEqual([0, expect.not.stringContaining("could not")]);
    expect(readFileSync(collage, "utf8")).toContain("data:image/");
    const report = await concept(["report", model, "-o", path.join(folder, "r.html"), "--json"]);
    expect(JSON.parse(report.stdout).missing).toEqual([]);
    const doubles = JSON.parse((await concept(["duplicates", model, "--json"])).stdout);
    expect(doubles.unreadable).toEqual([]);
    expect(doubles.groups.length).toBeGreaterThan(100);
    expect(doubles.groups[0][0].width).toBeGreaterThan(0);
    const entry = path.join(folder, name);
    const found = await concept(["search", model, "--image", entry, "--json", ...cache], { cwd: "/" });
    expect(JSON.parse(found.stdout).images.length, found.stderr).toBeGreaterThan(0);
    const target = path.join(folder, "out");
    const exported = await concept(["export", model, "--to", "folders", "-o", target]);
    expect(exported.code, exported.stderr).toBe(0);
    const copies = execFileSync("find", [target, "-type", "f"], { encoding: "utf8" }).trim().split("\n");
    expect(copies).toHaveLength(images.paths.length);
    const assigned = await concept(["assign", model, "p.tar.gz", "--json", ...cache], { cwd: folder });
    const answers = JSON.parse(assigned.stdout).images as { path: string; concept: number }[];
    const conceptOf = new Map(images.ids.map((id, row) => [id, images.concepts[row]]));
    const plain = await modelOf("folder.concept");
    expect(answers.map((answer) => answer.concept)).toEqual(plain.images.ids.map((id) => conceptOf.get(id)));
  });

  it("updates a model whose archive has changed", async () => {
    execFileSync("cp", ["p.zip", "u.zip"], { cwd: folder });
    await fit("u.concept", "u.zip");
    const [gone] = readdirSync(pictures).sort();
    execFileSync("zip", ["-qd", "u.zip", gone!], { cwd: folder });
    execFileSync("zip", ["-q", "u.zip", "pictures/anger.png", "pictures/zzz.png"].slice(0, 3), {
      cwd: folder,
    });
    const model = path.join(folder, "u.concept");
    const run = await concept(["update", model, "u.zip", "--json", ...cache], { cwd: folder });
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ removed: 1, changed: 0 });
    expect((await modelOf("u.concept")).images.paths).not.toContain(`u.zip!/${gone}`);
  });

  it("keeps captions and columns of shards", async () => {
    const shard = path.join(folder, "shard");
    mkdirSync(shard);
    for (const [i, name] of readdirSync(pictures).sort().slice(0, 60).entries()) {
      writeFileSync(path.join(shard, name), readFileSync(path.join(pictures, name)));
      writeFileSync(path.join(shard, name.replace(/png$/, "txt")), `picture ${i}`);
      writeFileSync(path.join(shard, name.replace(/png$/, "json")), JSON.stringify({ place: i }));
    }
    execFileSync("tar", ["-cf", "shard.tar", "-C", "shard", "."], { cwd: folder });
    const run = await fit("shard.concept", "shard.tar");
    expect(run.code, run.stderr).toBe(0);
    const { images } = await modelOf("shard.concept");
    expect(images.columns.map(({ name, type }) => [name, type])).toEqual([["place", "number"]]);
    expect(
      images.captions!.every(([caption], row) => caption === `picture ${images.columns[0]!.values[row]}`),
    ).toBe(true);
  });
});

describe("concept fit on lists and patterns", () => {
  it("takes what standard input lists, however it is separated", async () => {
    const names = readdirSync(pictures).sort();
    for (const [separator, args] of [
      ["\n", ["-"]],
      ["\0", ["--from-file", "-"]],
    ] as const) {
      const input = names.map((name) => `pictures/${name}${separator}`).join("");
      const options = [
        "-o",
        path.join(folder, "list.concept"),
        "--model",
        "mini",
        "--vocabulary-size",
        "300",
      ];
      const run = await concept(["fit", ...args, ...options, ...cache], { cwd: folder, input });
      expect(run.code, run.stderr).toBe(0);
      expect(vectorsOf("list.concept").equals(vectorsOf("folder.concept"))).toBe(true);
    }
  });

  it("takes lists relative to themselves, and patterns the shell did not expand", async () => {
    const names = readdirSync(pictures).sort();
    mkdirSync(path.join(folder, "lists"));
    writeFileSync(path.join(folder, "lists/l.txt"), names.map((name) => `../pictures/${name}\n`).join(""));
    await fit("list.concept", "--from-file", "lists/l.txt");
    expect(vectorsOf("list.concept").equals(vectorsOf("folder.concept"))).toBe(true);
    await fit("pattern.concept", "pic*/**/*.png");
    expect(vectorsOf("pattern.concept").equals(vectorsOf("folder.concept"))).toBe(true);
  });

  it("leaves out what --exclude and .conceptignore name, and takes back what they take back", async () => {
    const names = readdirSync(pictures).sort();
    const kept = path.join(folder, "some");
    mkdirSync(path.join(kept, "sub/deep"), { recursive: true });
    for (const [i, name] of names.entries()) {
      const place = ["", "sub", "sub/deep"][i % 3]!;
      writeFileSync(
        path.join(kept, place, `${i % 2 ? "x-" : ""}${name}`),
        readFileSync(path.join(pictures, name)),
      );
    }
    writeFileSync(path.join(kept, ".conceptignore"), "# nothing deep\ndeep/\nx-*\n");
    writeFileSync(path.join(kept, "sub/.conceptignore"), "!x-*\n");
    const run = await fit("some.concept", "some", "--exclude", "a*.png");
    expect(run.code, run.stderr).toBe(0);
    const { paths } = (await modelOf("some.concept")).images;
    const expected = names.flatMap((name, i) => {
      const place = ["", "sub/", "sub/deep/"][i % 3]!;
      const file = `${i % 2 ? "x-" : ""}${name}`;
      const isLeftOut = place === "sub/deep/" || file.startsWith("a") || (place === "" && i % 2 === 1);
      return isLeftOut ? [] : [place + file];
    });
    expect(paths).toEqual(expected.sort());
  });

  it("says what is missing, and what a list without names is", async () => {
    const none = await concept(["fit", "-", "-o", "x.concept"], { cwd: folder });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("names no pictures")]);
    const nothing = await concept(["fit", "-o", "x.concept"], { cwd: folder });
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("where the pictures are")]);
    const pattern = await concept(["fit", "no*such", "-o", "x.concept", "--model", "mini"], { cwd: folder });
    expect([pattern.code, pattern.stderr]).toEqual([1, expect.stringContaining("nothing at")]);
  });
});

describe("a dry run", () => {
  it("counts pictures and bytes by kind, what is cached, equal or to be skipped, and writes nothing", async () => {
    const names = readdirSync(pictures);
    const bytes = names.reduce((sum, name) => sum + statSync(path.join(pictures, name)).size, 0);
    writeFileSync(
      path.join(folder, "new.png"),
      readFileSync(new URL("../../docs/images/concepts.png", import.meta.url)),
    );
    writeFileSync(path.join(folder, "empty.png"), "");
    const given = ["pictures", "new.png", "empty.png", ...(hasArchivers ? ["p.tar"] : [])];
    const before = readdirSync(folder).sort();
    const run = await concept(["fit", ...given, "--dry-run", "--json", "--model", "mini", ...cache], {
      cwd: folder,
    });
    expect(run.code, run.stderr).toBe(3);
    const survey = JSON.parse(run.stdout);
    const plain = {
      kind: "file",
      pictures: names.length + 1,
      bytes: bytes + statSync(path.join(folder, "new.png")).size,
    };
    expect(survey.kinds).toEqual([
      plain,
      ...(hasArchivers ? [{ kind: "tar", pictures: names.length, bytes }] : []),
    ]);
    expect(survey.fresh).toBe(1);
    expect(survey.cached + survey.repeated).toBe(hasArchivers ? 2 * names.length : names.length);
    expect(survey.skipped).toEqual([{ path: "empty.png", code: "empty", reason: "empty file" }]);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

describe("what could not be used", () => {
  it("is listed in a table beside the model, which goes when it is no longer true", async () => {
    const bad = path.join(folder, "bad.png");
    writeFileSync(bad, "no picture, =1+1");
    const run = await fit("bad.concept", "pictures", "bad.png");
    expect(run.code).toBe(3);
    const table = path.join(folder, "bad.concept.skipped.csv");
    expect(readFileSync(table, "utf8")).toBe(
      "source,path,code,reason\r\nbad.png,bad.png,not-a-picture,not a picture (text?)\r\n",
    );
    expect(run.stderr).toContain("bad.concept.skipped.csv");
    expect((await fit("bad.concept", "pictures")).code).toBe(0);
    expect(existsSync(table)).toBe(false);
    await fit("bad.concept", "pictures", "bad.png", "--skipped", path.join(folder, "mine.csv"));
    expect(readFileSync(path.join(folder, "mine.csv"), "utf8")).toContain("bad.png");
  });

  it("ends a strict fit: nothing is saved, and the table says why", async () => {
    const run = await fit("strict.concept", "pictures", "bad.png", "--strict");
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("bad.png (not a picture (text?))")]);
    expect(existsSync(path.join(folder, "strict.concept"))).toBe(false);
    expect(statSync(path.join(folder, "strict.concept.skipped.csv")).size).toBeGreaterThan(50);
    expect((await fit("strict.concept", "pictures", "--strict")).code).toBe(0);
  });
});

describe("concept update by a table", () => {
  it("takes what the table names now, wherever the pictures are", async () => {
    const tables = path.join(folder, "tables");
    mkdirSync(tables);
    const table = path.join(tables, "t.csv");
    const names = readdirSync(pictures).sort();
    const write = (count: number): void =>
      writeFileSync(
        table,
        ["path,n", ...names.slice(0, count).map((name, n) => `../pictures/${name},${n}`)].join("\n"),
      );
    write(60);
    const run = await fit("table.concept", table);
    expect(run.code, run.stderr).toBe(0);
    write(70);
    const model = path.join(folder, "table.concept");
    const updated = await concept(["update", model, table, "--json", ...cache]);
    expect(updated.code, updated.stderr).toBe(0);
    expect(JSON.parse(updated.stdout)).toMatchObject({ added: 10, removed: 0, changed: 0, kept: 60 });
    const { images } = await modelOf("table.concept");
    expect(images.paths).toEqual(names.slice(0, 70).map((name) => `pictures/${name}`));
    expect([...(images.columns[0]!.values as Float64Array)]).toEqual(names.slice(0, 70).map((_, n) => n));
  });
});

describe("pictures on the web", () => {
  it("are fitted from a list, and drawn from the cache when their server has gone", async () => {
    const names = readdirSync(pictures).sort().slice(0, 60);
    let asked = 0;
    const base = await serve((request, response) => {
      asked++;
      if (request.url === "/gone.png") response.writeHead(404).end();
      else
        response
          .setHeader("etag", '"1"')
          .end(readFileSync(path.join(pictures, decodeURIComponent(request.url!.slice(1)))));
    });
    const list = path.join(folder, "urls.txt");
    writeFileSync(
      list,
      [...names, "gone.png"].map((name) => `${base}/${encodeURIComponent(name)}\n`).join(""),
    );
    const model = path.join(folder, "web.concept");
    const env = { CONCEPT_CACHE: path.join(folder, "web-cache") };
    const args = [
      "fit",
      "--from-file",
      list,
      "-o",
      model,
      "--model",
      "mini",
      "--vocabulary-size",
      "300",
      ...cache,
    ];
    const refused = await concept(args, { env });
    expect([refused.code, asked]).toEqual([1, 0]);
    expect(refused.stderr).toContain("is an address of this machine");
    const run = await concept([...args, "--allow-private-addresses"], { env });
    expect(run.code, run.stderr).toBe(3);
    expect(run.stderr).toContain("the server answered 404");
    const { images } = await modelOf("web.concept");
    expect(images.paths).toEqual(names.map((name) => `${base}/${encodeURIComponent(name)}`).sort());
    asked = 0;
    const report = await concept(["report", model, "-o", path.join(folder, "web.html"), "--json"], { env });
    expect(JSON.parse(report.stdout).missing).toEqual([]);
    expect(asked).toBe(0);
  });
});
