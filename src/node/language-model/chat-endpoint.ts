import { setTimeout as sleep } from "node:timers/promises";
import { ConceptError, InputError } from "../../core/errors.ts";

/** A text, or a picture as a data URL, in the words of the chat completions protocol. */
export type ChatPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } };

export interface ChatMessage {
  readonly role: "system" | "user";
  readonly content: string | readonly ChatPart[];
}

export interface ChatEndpointOptions {
  /** Base address of an OpenAI-compatible API, e.g. `http://localhost:11434/v1`. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token; default none. Never logged, nor part of an error. */
  readonly apiKey?: string | undefined;
  /** For one try, in milliseconds; default 120,000: local models think slowly. */
  readonly timeout?: number | undefined;
  /** Tries after the first; default 4. */
  readonly retries?: number | undefined;
  /** Pause before the second try, doubled with each, in milliseconds; default 1000. */
  readonly backoff?: number | undefined;
}

/** An answer is a few words; more than this is not read. */
const MAX_ANSWER_BYTES = 1 << 20;
/** A server may ask for more patience than this; it is not given. */
const LONGEST_PAUSE = 60_000;
/** Room for models that think aloud before they answer. */
const MAX_TOKENS = 1000;

/** One try that failed, and whether another may do better. */
class FailedTry extends Error {
  readonly isFinal: boolean;
  readonly pause: number | undefined;

  constructor(message: string, options: { readonly isFinal: boolean; readonly pause?: number | undefined }) {
    super(message);
    this.isFinal = options.isFinal;
    this.pause = options.pause;
  }
}

/**
 * A language model behind the chat completions protocol that OpenAI, Ollama, llama.cpp, vLLM and others speak. Timeouts,
 * dropped connections, 408, 429 and 5xx are tried again with growing pauses or those of `Retry-After`; redirects are not followed,
 * since they could carry pictures elsewhere.
 */
export class ChatEndpoint {
  readonly url: string;
  readonly model: string;
  private readonly options: ChatEndpointOptions;

  /** @throws InputError (BAD_OPTION) for an address that is not http(s), or carries a password */
  constructor(options: ChatEndpointOptions) {
    this.url = endpointUrl(options.url);
    this.model = options.model;
    this.options = options;
  }

  /**
   * The text of the model's answer.
   *
   * @throws ConceptError (LLM_FAILED) when there is none after all tries
   */
  async ask(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string> {
    const { retries = 4, backoff = 1000 } = this.options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.tryOnce(messages, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof FailedTry)) throw error;
        if (error.isFinal || attempt >= retries) throw noAnswer(this, error, attempt + 1);
        const pause = Math.min(LONGEST_PAUSE, error.pause ?? backoff * 2 ** attempt);
        await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
      }
    }
  }

  private async tryOnce(messages: readonly ChatMessage[], signal: AbortSignal | undefined): Promise<string> {
    const { apiKey, timeout = 120_000 } = this.options;
    const deadline = AbortSignal.timeout(timeout);
    const body = { model: this.model, messages, temperature: 0, max_tokens: MAX_TOKENS, stream: false };
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(apiKey === undefined || apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify(body),
        redirect: "manual",
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
      if (response.status !== 200) throw await refusal(response);
      return answerText(await boundedText(response));
    } catch (error) {
      if (error instanceof FailedTry) throw error;
      if (deadline.aborted) throw new FailedTry(`no answer within ${timeout / 1000} s`, { isFinal: false });
      throw new FailedTry(connectionFault(error), { isFinal: false });
    }
  }
}

function endpointUrl(base: string): string {
  const url = URL.canParse(base) ? new URL(base) : null;
  const usable = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (usable) {
    url.pathname = `${url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "")}/chat/completions`;
    return url.href;
  }
  throw new InputError(
    "The address of the language model cannot be used",
    {
      expected: "http://HOST/v1 or https://HOST/v1",
      found: "something else",
      hint: "Keys go into OPENAI_API_KEY.",
    },
    "BAD_OPTION",
  );
}

async function refusal(response: Response): Promise<FailedTry> {
  const { status } = response;
  const reason = errorMessage(await boundedText(response).catch(() => ""));
  const isFinal = !(status === 408 || status === 429 || status >= 500);
  return new FailedTry(`status ${status}${reason}`, { isFinal, pause: retryAfter(response) });
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get("retry-after");
  if (value === null) return undefined;
  const pause = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined;
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new FailedTry("an answer of over 1 MiB", { isFinal: true });
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function answerText(body: string): string {
  const value = parsed(body) as { choices?: { message?: { content?: unknown } }[] } | null;
  const content = value?.choices?.[0]?.message?.content;
  if (typeof content === "string") return content;
  throw new FailedTry("an answer that is no chat completion", { isFinal: false });
}

/** What a server says went wrong, short and in one line. */
function errorMessage(body: string): string {
  const value = parsed(body) as { error?: { message?: unknown } | string } | null;
  const message = typeof value?.error === "string" ? value.error : value?.error?.message;
  return typeof message === "string" ? `, ${message.replace(/[\p{Cc}\s]+/gu, " ").slice(0, 160)}` : "";
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function connectionFault(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" ? cause.code : "the connection failed";
}

function noAnswer({ url, model }: ChatEndpoint, error: FailedTry, tries: number): ConceptError {
  return new ConceptError("LLM_FAILED", `The language model ${model} gave no answer`, {
    expected: "a chat completion",
    found: `${error.message}${tries > 1 ? ` (${tries} tries)` : ""} from ${new URL(url).origin}`,
    hint: "Check the address and the model's name; names given so far are kept.",
  });
}
