// Updates of models whose pictures are in buckets and archives, on the web, and of archives that cannot be read to their end.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";
import { haveProgram } from "../support/programs.ts";
import { S3_KEYS, serveBucket } from "../support/s3-server.ts";

vi.setConfig({ testTimeout: 200_000 });

const folder = temporaryFolder("update-elsewhere");
const at = (name: string): string => path.join(folder, name);
const env = { CONCEPT_CACHE: at("cache") };
const FEW = ["--model", "mini", "--vocabulary-size", "50"];
const files = layOutEmoji(at("pictures"), emojiOf("twitter").slice(0, 40), "twitter");

describe("concept update", () => {
  it("takes a bucket's prefix: what is new there comes, what has gone leaves, other buckets are left alone", async () => {
    const objects = new Map(files.map((file, i) => [`p/${i}.png`, readFileSync(file)]));
    const more = { ...env, ...S3_KEYS, AWS_ENDPOINT_URL: await serveBucket("photos", objects) };
    const model = at("bucket.concept");
    const run = await concept(["fit", "s3://photos/p/", at("pictures"), "-o", model, ...FEW], { env: more });
    expect(run.code, run.stderr).toBe(0);
    objects.set("p/new.png", objects.get("p/0.png")!);
    objects.delete("p/1.png");
    const updated = await concept(["update", model, "s3://photos/p/", "--json"], { env: more });
    expect(updated.code, updated.stderr).toBe(0);
    expect(JSON.parse(updated.stdout)).toMatchObject({ added: 1, removed: 1, kept: 79 });
    const gone = await concept(["update", model, "s3://none/", "--json"], { env: more });
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringMatching(/no readable pictures/)]);
  });

  it.skipIf(!haveProgram("tar", ["--version"]))(
    "keeps what lies behind the break of an archive: it was taken for gone",
    async () => {
      mkdirSync(at("archives"));
      const archive = at("archives/p.tar");
      execFileSync("tar", ["-cf", archive, ...readdirSync(at("pictures")).sort()], { cwd: at("pictures") });
      const model = at("tar.concept");
      const run = await concept(["fit", archive, "-o", model, ...FEW], { env });
      expect(run.code, run.stderr).toBe(0);
      const whole = readFileSync(archive);
      writeFileSync(archive, whole.subarray(0, whole.length >> 1));
      const updated = await concept(["update", model, archive, "--json"], { env });
      expect(updated.code, updated.stderr).toBe(3);
      expect(JSON.parse(updated.stdout)).toMatchObject({ added: 0, removed: 0, kept: 40 });
    },
  );
});
