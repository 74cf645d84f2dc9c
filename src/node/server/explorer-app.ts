import { Hono } from "hono";
import type { AccessToken } from "./access-token.ts";
import { answerHeaders } from "./answer-headers.ts";
import { faultOf, notFound } from "./api-fault.ts";
import type { ExplorerSession } from "./explorer-session.ts";
import type { PageFiles } from "./page-files.ts";
import { guardRequests } from "./request-guard.ts";
import { editRoutes } from "./routes/edits.ts";
import { eventRoutes } from "./routes/events.ts";
import { exportRoutes } from "./routes/exports.ts";
import { modelRoutes } from "./routes/model.ts";
import { pictureRoutes, sheetRoutes } from "./routes/pictures.ts";
import { pointRoutes } from "./routes/points.ts";
import { searchRoutes } from "./routes/search.ts";

export interface AppOptions {
  readonly page: PageFiles;
  /** That the server listens at. */
  readonly host: string;
  readonly port: () => number;
  /** null where everybody who can reach the server may use it. */
  readonly token: AccessToken | null;
}

/** What is answered at which address; docs/explorer-api.md lists them. */
export function explorerApp(session: ExplorerSession, options: AppOptions): Hono {
  const app = new Hono();
  app.use(answerHeaders);
  app.use(guardRequests(options.host));
  if (options.token !== null) app.use(options.token.guard(options.port));

  app.route("/api", modelRoutes(session));
  app.route("/api/points", pointRoutes(session));
  app.route("/api/sheets", sheetRoutes(session));
  app.route("/api/images", pictureRoutes(session));
  app.route("/api/search", searchRoutes(session));
  app.route("/api", editRoutes(session));
  app.route("/api/export", exportRoutes(session));
  app.route("/api/events", eventRoutes(session));
  app.all("/api/*", () => {
    throw notFound("There is no such address");
  });
  app.get("*", ({ req }) => options.page.respond(req.path, req.raw));

  app.onError((error) => {
    const { status, answer } = faultOf(error);
    return Response.json(answer, { status });
  });
  app.notFound(() => Response.json(notFound("There is no such address").answer, { status: 404 }));
  return app;
}
