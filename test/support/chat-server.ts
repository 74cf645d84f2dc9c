import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface ChatRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  };
  /** The text of the last message. */
  readonly text: string;
}

export type ChatReply = (request: ChatRequest, response: ServerResponse, count: number) => void;

export interface ChatServer {
  readonly url: string;
  readonly requests: ChatRequest[];
  /** How the next requests are answered. */
  reply: ChatReply;
}

/** Answers as the chat completions protocol wants it. */
export function say(text: string): ChatReply {
  return (_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: text } }] }));
  };
}

/** A local server that speaks the protocol of OpenAI's chat completions, well or badly. */
export async function chatServer(): Promise<ChatServer> {
  const state: { reply: ChatReply; requests: ChatRequest[] } = { reply: say("a name"), requests: [] };
  const server = createServer(async (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatRequest["body"];
    const content = body.messages.at(-1)!.content;
    const text = typeof content === "string" ? content : (content as { text?: string }[])[0]!.text!;
    const { url: path = "", headers } = incoming;
    const request = { path, authorization: headers.authorization, body, text };
    state.requests.push(request);
    state.reply(request, response, state.requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, { url: `http://127.0.0.1:${port}/v1` });
}
