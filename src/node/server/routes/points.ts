import { Hono } from "hono";
import { notFound } from "../api-fault.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { KeptAnswer } from "../kept-answer.ts";

/** One number a picture, or two, as they lie in memory: little-endian, as every platform that Node runs on. */
export function pointRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.get("/map", async ({ req }) => {
    const { view } = session;
    const kind = { tag: view.collection, compresses: false };
    const make = () => KeptAnswer.array(plain(view.fitted.images.map.data), kind);
    return (await view.answer("map", make)).respond(req.raw);
  });

  routes.get("/concepts", async ({ req }) => {
    const { view } = session;
    const kind = { tag: view.revision, compresses: true };
    const make = () => KeptAnswer.array(new Int32Array(view.fitted.images.concepts), kind);
    return (await view.answer("concepts", make)).respond(req.raw);
  });

  routes.get("/probabilities", async ({ req }) => {
    const { view } = session;
    const kind = { tag: view.revision, compresses: false };
    const make = () => KeptAnswer.array(plain(view.fitted.images.probabilities), kind);
    return (await view.answer("probabilities", make)).respond(req.raw);
  });

  routes.get("/slots", async ({ req }) => {
    const { view, thumbnails } = session;
    if (thumbnails === null) throw notFound("A model that was made from vectors has no thumbnails");
    const kind = { tag: view.collection, compresses: false };
    const make = () => KeptAnswer.array(new Int32Array(thumbnails.store.slots), kind);
    return (await view.answer("slots", make)).respond(req.raw);
  });
  return routes;
}

/** An array over memory that is its own: answers cannot be made of shared memory. */
function plain(values: Float32Array): Float32Array<ArrayBuffer> {
  const { buffer } = values;
  if (!(buffer instanceof ArrayBuffer)) return new Float32Array(values);
  return new Float32Array(buffer, values.byteOffset, values.length);
}
