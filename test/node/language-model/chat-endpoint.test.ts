import { describe, expect, test } from "vitest";
import { ChatEndpoint, type ChatEndpointOptions } from "../../../src/node/language-model/chat-endpoint.ts";
import { type ChatReply, chatServer, say } from "../../support/chat-server.ts";

const server = await chatServer();
const KEY = "sk-very-secret";

function endpoint(options: Partial<ChatEndpointOptions> = {}): ChatEndpoint {
  return new ChatEndpoint({ url: server.url, model: "tiny", apiKey: KEY, backoff: 10, ...options });
}

async function asked(reply: ChatReply, options: Partial<ChatEndpointOptions> = {}): Promise<string> {
  server.reply = reply;
  server.requests.length = 0;
  return endpoint(options).ask([{ role: "user", content: "name it" }]);
}

const status = (code: number, headers: Record<string, string> = {}, body = "{}"): ChatReply => {
  return (_, response) => {
    response.writeHead(code, headers);
    response.end(body);
  };
};

describe("a language model", () => {
  test("is asked in the words of the protocol", async () => {
    expect(await asked(say("boats"))).toBe("boats");
    expect(server.requests).toMatchObject([
      {
        path: "/v1/chat/completions",
        authorization: `Bearer ${KEY}`,
        body: { model: "tiny", messages: [{ role: "user", content: "name it" }], stream: false },
      },
    ]);
    await asked(say("boats"), { apiKey: undefined, url: `${server.url}/chat/completions/` });
    expect(server.requests[0]).toMatchObject({ path: "/v1/chat/completions", authorization: undefined });
  });

  test.each([408, 429, 500, 503])("is asked again after status %i", async (code) => {
    const reply: ChatReply = (request, response, count) =>
      (count < 3 ? status(code) : say("boats"))(request, response, count);
    expect(await asked(reply)).toBe("boats");
    expect(server.requests).toHaveLength(3);
  });

  test("is given the time it asks for", async () => {
    const started = performance.now();
    const reply: ChatReply = (request, response, count) =>
      (count < 2 ? status(429, { "retry-after": "1" }) : say("boats"))(request, response, count);
    expect(await asked(reply)).toBe("boats");
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  test.each([400, 401, 404, 302])("is not asked again after status %i", async (code) => {
    const reply = status(
      code,
      { location: "/v1/other" },
      JSON.stringify({ error: { message: "no\nsuch \u001b[31m model" } }),
    );
    const error = await asked(reply).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: "LLM_FAILED" });
    expect(String(error)).toContain(`status ${code}, no such [31m model`);
    expect(server.requests).toHaveLength(1);
  });

  test("that gives no sense, nothing, or hangs up ends in an error, not in silence", async () => {
    const bad: [string, ChatReply][] = [
      ["no chat completion", (_, response) => void response.end("<html>")],
      ["no chat completion", (_, response) => void response.end('{"choices":[]}')],
      ["no chat completion", say(null as unknown as string)],
      ["2 tries", (_, response) => void response.destroy()],
      ["status 500", status(500)],
      ["over 1 MiB", (request, response, count) => say("y".repeat(2 ** 21))(request, response, count)],
    ];
    for (const [message, reply] of bad) {
      const error = await asked(reply, { retries: 1 }).catch((reason: unknown) => reason as Error);
      expect(error, message).toMatchObject({ code: "LLM_FAILED" });
      expect(String(error)).toContain(message);
      expect(String(error)).not.toContain(KEY);
    }
  });

  test("that is slow is left after the timeout, or when the user stops", async () => {
    const never: ChatReply = () => undefined;
    await expect(asked(never, { timeout: 60, retries: 1 })).rejects.toThrow(
      "no answer within 0.06 s (2 tries)",
    );
    server.reply = never;
    const stop = new AbortController();
    const answer = endpoint().ask([{ role: "user", content: "?" }], stop.signal);
    setTimeout(() => stop.abort(new Error("stopped")), 30);
    await expect(answer).rejects.toThrow("stopped");
  });

  test("needs an address without secrets in it", () => {
    for (const url of ["localhost:11434", "file:///etc/passwd", "http://me:secret@host/v1", ""]) {
      expect(() => endpoint({ url }), url).toThrow("cannot be used");
      expect(() => endpoint({ url })).not.toThrow("secret");
    }
  });
});
