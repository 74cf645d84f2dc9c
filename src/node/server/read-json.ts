import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiFault, badRequest } from "./api-fault.ts";

/** Refuses bodies that are longer, those that say so before a byte is read, and ends their connection. */
export function limitBody(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new ApiFault(413, {
        code: "TOO_LARGE",
        message: `The body is longer than ${Math.floor(bytes / 2 ** 20)} MB`,
      });
    },
  });
}

/** The body as JSON. Forms of strange pages cannot send its type without asking first. @throws ApiFault (400, 415) */
export async function readJson({ req }: Context): Promise<unknown> {
  if (!/^application\/json\b/i.test(req.header("Content-Type") ?? "")) {
    throw new ApiFault(415, { code: "NOT_JSON", message: "The body must be application/json" });
  }
  const text = await req.text();
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("The body cannot be read as JSON");
  }
}
