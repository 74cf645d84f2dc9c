import { Hono } from "hono";
import type { ApiEvent } from "../../../core/explorer/api.ts";
import type { ExplorerSession } from "../explorer-session.ts";

/** A comment now and then keeps proxies from ending the connection. */
const BEAT_EVERY = 20_000;

/** Server-sent events: the present state first, then what becomes of it. */
export function eventRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.get("/", () => {
    // A page listens when it has its map: nothing is in its way any more.
    void session.prepare();
    const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
    return new Response(eventStream(session), { headers });
  });
  return routes;
}

function eventStream(session: ExplorerSession): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const say = (text: string): void => controller.enqueue(encoder.encode(text));
      const tell = (event: ApiEvent): void => {
        // Whoever does not read need not hear of every thumbnail.
        if (event.kind === "thumbnails" && (controller.desiredSize ?? 0) <= 0) return;
        say(`data: ${JSON.stringify(event)}\n\n`);
      };
      if (session.damageEvent !== null) {
        tell(session.damageEvent);
        controller.close();
        return;
      }
      const silence = session.listen(tell);
      const beat = setInterval(() => say(":\n\n"), BEAT_EVERY).unref();
      const end = (): void => {
        leave();
        controller.close();
      };
      leave = () => {
        silence();
        clearInterval(beat);
        session.signal.removeEventListener("abort", end);
      };
      session.signal.addEventListener("abort", end);
      const { revision, collection } = session.view;
      tell({ kind: "revision", revision, collection });
      const { thumbnails } = session;
      if (thumbnails !== null) say(`data: ${JSON.stringify(thumbnails.progress)}\n\n`);
    },
    cancel: () => leave(),
  });
}
