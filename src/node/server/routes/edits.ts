import { type Context, Hono } from "hono";
import { ApiFault } from "../api-fault.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { bareTag } from "../kept-answer.ts";
import type { ModelView } from "../model-view.ts";
import { limitBody, readJson } from "../read-json.ts";
import { RecutPreview } from "../recut-preview.ts";
import { editRequest, recutRequest } from "../request-bodies.ts";

/** A lasso may hold a million rows. */
const MOST_EDIT = 8 * 2 ** 20;
const MOST_JSON = 2 ** 20;

/** What changes the model, and previews of it. */
export function editRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  const preview = new RecutPreview(session);

  routes.post("/edits", limitBody(MOST_EDIT), async (context) => {
    const revision = revisionOf(context);
    const request = editRequest(await readJson(context));
    return answer(await session.edit(revision, request), context);
  });
  routes.post("/undo", limitBody(MOST_JSON), async (context) =>
    answer(await session.undo(revisionOf(context)), context),
  );
  routes.post("/redo", limitBody(MOST_JSON), async (context) =>
    answer(await session.redo(revisionOf(context)), context),
  );
  routes.post("/recut", limitBody(MOST_JSON), async (context) => {
    const request = recutRequest(await readJson(context));
    const { labels, summary } = await preview.make(request, context.req.raw.signal);
    return new Response(labels, {
      headers: {
        "Content-Type": "application/octet-stream",
        "Cache-Control": "no-store",
        "X-Recut": JSON.stringify(summary),
      },
    });
  });
  return routes;
}

async function answer(view: ModelView, { req }: Context): Promise<Response> {
  return (await view.modelAnswer()).respond(req.raw);
}

function revisionOf({ req }: Context): string {
  const header = req.header("If-Match");
  if (header !== undefined && header.trim() !== "*") return bareTag(header);
  throw new ApiFault(428, {
    code: "NO_REVISION",
    message: "An edit says which revision it was made upon",
    hint: "Send the model's revision as If-Match.",
  });
}
