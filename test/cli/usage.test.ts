import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";

const COMMANDS = ["fit", "visualize", "search", "assign", "info", "export"];

describe("the command's help", () => {
  it("lists every command, on stdout", async () => {
    const run = await concept(["--help"]);
    expect(run.code).toBe(0);
    for (const name of COMMANDS) expect(run.stdout).toContain(`concept ${name}`);
    expect(run.stderr).toBe("");
  });

  it.each(COMMANDS)("teaches %s with an example", async (name) => {
    const run = await concept([name, "--help"]);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(new RegExp(`^concept ${name}`));
    expect(run.stdout).toMatch(/Examples?:\n {2}concept/);
  });

  it("prints the version of the package", async () => {
    expect((await concept(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

/** The built modules that a run reads, as the coverage that Node writes of it tells. */
async function modulesOf(args: readonly string[]): Promise<string[]> {
  const folder = temporaryFolder("modules");
  await concept(args, { env: { NODE_V8_COVERAGE: folder } });
  const texts = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
  const scripts = texts.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result);
  return scripts.flatMap(({ url }) => /\/dist\/(.*)\.js$/.exec(url)?.[1] ?? []);
}

describe("starting", () => {
  it("reads the module of the command that is called, not those of all: --version took 0.8 s of computing", async () => {
    expect(await modulesOf(["--version"])).not.toContain("cli/fit");
    const modules = await modulesOf(["similarity", "--help"]);
    expect(modules).toContain("cli/similarity");
    expect(modules).not.toContain("cli/fit");
  });
});

describe("wrong usage", () => {
  it.each([
    [["fitt", "x"], /There is no command "fitt"/],
    [["fit", "--outptu", "x"], /Unknown option '--outptu'/],
    [["fit", "-o", "x"], /Say where the pictures are/],
    [["fit", "pictures"], /-o photos.concept/],
    [
      ["fit", "pictures", "-o", "x", "--min-size", "one"],
      /--min-size takes a number of at least 2, found "one"/,
    ],
    [["fit", "pictures", "-o", "x", "--min-size", "2.5"], /whole number, found "2.5"/],
    [["fit", "pictures", "-o", "x", "--diversity", "3"], /from 0 to 1, found "3"/],
    [["search", "m.concept"], /Give words to search for/],
    [["export", "m.concept"], /--to json, csv, parquet, folders/],
    [
      ["export", "m.concept", "--to", "xml"],
      /--to is one of json, csv, parquet, folders, coco, fiftyone, atlas/,
    ],
    [["visualize", "m.concept"], /-o concepts.png/],
    [["visualize", "m.concept", "-o", "a.png", "--concepts", "1,x"], /takes ids such as 3,0,17/],
    [["info"], /takes 1 argument, found 0/],
  ])("%j ends with 2 and two lines that say what to do", async (args, message) => {
    const run = await concept(args);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(message);
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });
});

describe("errors", () => {
  it.each([
    "search",
    "info",
    "export",
    "assign",
    "visualize",
  ])("%s of a missing model: two lines, no stack", async (name) => {
    const rest = {
      search: ["sea"],
      info: [],
      export: ["--to", "json"],
      assign: ["."],
      visualize: ["-o", "x.png"],
    }[name]!;
    const run = await concept([name, "no-such.concept", ...rest]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("no-such.concept");
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it("shows the stack with --verbose", async () => {
    const run = await concept(["info", "no-such.concept", "--verbose"]);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/\n\s+at /);
  });

  it("says what to do when the pictures are not there", async () => {
    const run = await concept(["fit", "no-such-folder", "-o", "x.concept", "--model", "mini"]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("no-such-folder");
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("names the model, the host and the three ways out when the hub cannot be reached", async () => {
    const env = { HF_ENDPOINT: "http://127.0.0.1:9", HF_HOME: "/nonexistent/hf", HF_HUB_OFFLINE: "" };
    const run = await concept(["fit", "docs", "-o", "x.concept"], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("Xenova/clip-vit-base-patch32");
    expect(run.stderr).toContain("127.0.0.1:9");
    expect(run.stderr).toMatch(/folder/);
    expect(run.stderr).toContain("HF_ENDPOINT");
    expect(run.stderr).toContain("--model mini");
    expect(run.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });
});
