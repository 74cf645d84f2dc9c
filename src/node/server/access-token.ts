import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { ApiFault } from "./api-fault.ts";

/** Who may use a server that others than this machine can reach: those who were given its address with the token in it. */
export class AccessToken {
  /** In the address that is printed. */
  readonly token: string = randomBytes(24).toString("base64url");
  /** In the cookie that it is exchanged for, so that the address does not hold the key any longer. */
  private readonly key = randomBytes(24).toString("base64url");

  /** Cookies are told apart by port in no browser. @param port part of the cookie's name */
  guard(port: () => number): MiddlewareHandler {
    return async (context, next) => {
      const { req } = context;
      const cookie = `concept-${port()}`;
      const given = req.method === "GET" && !req.path.startsWith("/api/") ? req.query("token") : undefined;
      if (given !== undefined && isSame(given, this.token)) {
        setCookie(context, cookie, this.key, { httpOnly: true, sameSite: "Strict", path: "/" });
        const { searchParams } = new URL(req.url);
        searchParams.delete("token");
        return context.redirect(`${req.path}${searchParams.size > 0 ? `?${searchParams}` : ""}`, 303);
      }
      const bearer = /^Bearer (.+)$/.exec(req.header("Authorization") ?? "")?.[1];
      if (isSame(getCookie(context, cookie), this.key) || isSame(bearer, this.token)) return next();
      throw new ApiFault(401, {
        code: "NO_TOKEN",
        message: "This explorer is for those who have its whole address",
        hint: "Open the address that concept explore printed, with the token in it.",
      });
    };
  }
}

/** In a time that tells nothing of where two texts differ. */
function isSame(given: string | undefined, expected: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given ?? ""), hash(expected));
}
