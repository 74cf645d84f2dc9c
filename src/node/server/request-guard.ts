import { hostname, networkInterfaces } from "node:os";
import type { HonoRequest, MiddlewareHandler } from "hono";
import { ApiFault } from "./api-fault.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const EVERYWHERE = ["0.0.0.0", "::"];

export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Lets requests pass that were meant for this server and come from its own page, or from no page at all.
 *
 * The name in `Host` must be one of this machine: a strange name that leads here (DNS rebinding) is refused. Any port will do, as
 * tunnels give it another. Browsers say of every request which page made it: other pages may only lead to the front page.
 *
 * @param host that the server listens at
 */
export function guardRequests(host: string): MiddlewareHandler {
  const names = knownNames(host);
  return async ({ req }, next) => {
    const given = req.header("Host") ?? "";
    if (![given, new URL(req.url).host].every((name) => names.has(nameIn(name)))) {
      throw new ApiFault(403, { code: "WRONG_HOST", message: "This server does not go by that name" });
    }
    const origin = req.header("Origin");
    const isForeign = origin !== undefined && origin !== `http://${given}`;
    const site = req.header("Sec-Fetch-Site") ?? "none";
    const isOwn = site === "same-origin" || site === "none";
    if (isForeign || !(isOwn || isVisit(req))) {
      throw new ApiFault(403, { code: "WRONG_ORIGIN", message: "Only the explorer's own page may ask this" });
    }
    await next();
  };
}

/** Whether somebody follows a link to the page, in a window of its own. */
function isVisit(req: HonoRequest): boolean {
  const goesToPage = req.method === "GET" && !req.path.startsWith("/api/");
  const isWindow = (req.header("Sec-Fetch-Dest") ?? "document") === "document";
  return goesToPage && isWindow && req.header("Sec-Fetch-Mode") === "navigate";
}

/** Names that lead to this machine, in lower case. */
function knownNames(host: string): ReadonlySet<string> {
  const names = [...LOOPBACK, host.toLowerCase()];
  if (EVERYWHERE.includes(host)) {
    const own = Object.values(networkInterfaces()).flatMap((parts) => parts ?? []);
    names.push(hostname().toLowerCase(), ...own.map(({ address }) => address.toLowerCase()));
  }
  return new Set(names);
}

/** The name or address in a `Host` header, without the port. */
function nameIn(header: string): string {
  const found = /^(?:\[([0-9a-f:.%]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header);
  return (found?.[1] ?? found?.[2] ?? "").toLowerCase();
}
