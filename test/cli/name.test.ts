import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type ChatRequest, chatServer, say } from "../support/chat-server.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("name");
const model = path.join(folder, "emoji.concept");
const cache = path.join(folder, "cache");
const server = await chatServer();
const llm = ["--llm-url", server.url, "--llm-model", "tiny", "--cache", cache];
const env = { OPENAI_API_KEY: "sk-very-secret" };

async function names(): Promise<Map<number, string>> {
  const { stdout } = await concept(["export", model, "--to", "json"]);
  const { concepts } = JSON.parse(stdout) as { concepts: { id: number; name: string }[] };
  return new Map(concepts.map(({ id, name }) => [id, name]));
}

beforeAll(async () => {
  const pictures = path.join(folder, "pictures");
  layOutEmoji(pictures, emojiOf("twitter").slice(0, 400), "twitter");
  const fit = ["fit", pictures, "-o", model, "--model", "mini", "--cache", cache, "--vocabulary-size", "500"];
  const { code, stderr } = await concept([...fit, "--captions", "filename"]);
  expect(code, stderr).toBe(0);
}, 60_000);

describe("concept name", () => {
  test("prints what would be sent, and sends nothing", async () => {
    const { code, stdout } = await concept(["name", model, "--dry-run", "--images", "--language", "German"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /--- concept 0\nsystem: You name groups.*\nuser: Words with scores: \S+ \(0\.\d\d\), /,
    );
    expect(stdout).toMatch(/Words of their captions: \S+ \(0\.\d\d\)/);
    expect(stdout).toContain("Answer in this language: German");
    expect(stdout).toMatch(/user: \[JPEG, \d+ characters\]/);
    const { stdout: json } = await concept(["name", model, "--dry-run", "--json", "--concepts", "1"]);
    expect(
      (JSON.parse(json) as { prompts: { concept: number }[] }).prompts.map((prompt) => prompt.concept),
    ).toEqual([1]);
    expect(server.requests).toHaveLength(0);
  });

  test("names concepts one by one, keeps what came before a failure, and asks no question twice", async () => {
    const before = await names();
    server.reply = (request, response, count) => {
      if (count > 2) response.writeHead(401).end();
      else say(`"Group ${count}".`)(request, response, count);
    };
    const failed = await concept(["name", model, "--images", ...llm], { env });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("status 401");
    expect(failed.stderr + failed.stdout).not.toContain("very-secret");
    const ids = [...before.keys()];
    expect(await names()).toEqual(new Map([...before, [ids[0]!, "Group 1"], [ids[1]!, "Group 2"]]));
    const parts = server.requests[0]!.body.messages[1]!.content as {
      type: string;
      image_url?: { url: string };
    }[];
    expect(parts.filter(({ type }) => type === "image_url")).toHaveLength(4);
    const jpeg = Buffer.from(parts[1]!.image_url!.url.replace("data:image/jpeg;base64,", ""), "base64");
    expect(jpeg.subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff));

    server.requests.length = 0;
    server.reply = (request: ChatRequest, response) => {
      // All want one name: the second time it is asked for another, and insists.
      expect(request.authorization).toBe("Bearer sk-very-secret");
      say("Same")(request, response, 0);
    };
    const { code, stdout } = await concept(["name", model, "--all", "--images", ...llm], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^id +before +name\n/);
    const after = await names();
    expect(new Set([...after.values()]).size).toBe(before.size);
    expect([after.get(ids[0]!), after.get(ids[1]!)]).toEqual(["Group 1", "Group 2"]);
    expect([...after.values()].filter((name) => /^Same( \(.+\))?$/.test(name))).toHaveLength(before.size - 2);
    expect(server.requests.some(({ text }) => text.includes("Names that other groups have: Same"))).toBe(
      true,
    );

    server.requests.length = 0;
    expect((await concept(["name", model, "--all", "--images", ...llm])).code).toBe(0);
    expect(server.requests).toHaveLength(0);
    for (const file of readdirSync(path.join(cache, "answers"))) {
      expect(readFileSync(path.join(cache, "answers", file), "utf8")).not.toContain("very-secret");
    }
    expect((await concept(["edit", model, "list"])).stdout).toContain('rename 0 "Group 1" (named by tiny)');
  }, 60_000);

  test("is remembered as where a name came from, until a person gives another", async () => {
    expect((await concept(["info", model])).stdout).toMatch(/^named by +tiny: .*0 Group 1/m);
    await concept(["edit", model, "rename", "0", "by hand"]);
    const { named } = JSON.parse((await concept(["info", model, "--json"])).stdout) as {
      named: { id: number; namedBy: string }[];
    };
    expect(named).toContainEqual({ id: 1, namedBy: "tiny" });
    expect(named.map(({ id }) => id)).not.toContain(0);
  }, 60_000);

  test("leaves names alone that the model has no better one for", async () => {
    const before = await names();
    server.reply = say("I am sorry, I cannot tell what these pictures have in common, they are too small.");
    const { code, stdout } = await concept(["name", model, "--all", ...llm]);
    expect(code).toBe(0);
    expect(stdout).toContain("(no usable answer)");
    expect(await names()).toEqual(before);
  });

  test("is called rightly", async () => {
    expect(await concept(["name", model])).toMatchObject({ code: 2 });
    expect(await concept(["name", model, ...llm, "--concepts", "x"])).toMatchObject({ code: 2 });
    const bad = ["--llm-url", "http://me:pw@host/v1", "--llm-model", "m"];
    const run = await concept(["name", model, ...bad]);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("OPENAI_API_KEY") });
    expect(run.stderr).not.toContain("pw");
  });
});
