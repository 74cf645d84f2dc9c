import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Hono } from "hono";
import { InputError } from "../../../core/errors.ts";
import type { ApiSearchAnswer } from "../../../core/explorer/api.ts";
import { sniffImageFormat } from "../../images/image-format.ts";
import { ApiFault } from "../api-fault.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { limitBody, readJson } from "../read-json.ts";
import { searchRequest } from "../request-bodies.ts";
import { searchModel } from "../search-model.ts";

const MOST_JSON = 2 ** 20;
const MOST_PICTURE = 20 * 2 ** 20;

export function searchRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.post("/", limitBody(MOST_JSON), async (context) => {
    const request = searchRequest(await readJson(context));
    return Response.json(await searchModel(session, request, { signal: context.req.raw.signal }));
  });

  routes.post("/picture", limitBody(MOST_PICTURE), async ({ req }) => {
    const { query, within, where, limit } = req.query();
    const asNumber = (text: string | undefined) => (text === undefined ? undefined : Number(text));
    const request = searchRequest({ query, within: asNumber(within), where, limit: asNumber(limit) });
    const bytes = new Uint8Array(await req.arrayBuffer());
    const search = (picture: string) => searchModel(session, request, { picture, signal: req.raw.signal });
    return Response.json(await withPictureFile(bytes, search));
  });
  return routes;
}

/** The library searches by files: the picture is one for as long as that takes, and nobody else may read it. */
async function withPictureFile(
  bytes: Uint8Array,
  search: (file: string) => Promise<ApiSearchAnswer>,
): Promise<ApiSearchAnswer> {
  if (sniffImageFormat(bytes) === undefined) {
    throw noPicture("The body is no picture of a known kind");
  }
  const folder = await mkdtemp(path.join(tmpdir(), "concept-search-"));
  try {
    const file = path.join(folder, "picture");
    await writeFile(file, bytes, { mode: 0o600 });
    return await search(file);
  } catch (error) {
    const isAboutIt = error instanceof InputError && error.message.includes(folder);
    throw isAboutIt ? noPicture(`The picture cannot be read: ${error.found ?? "it is damaged"}`) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noPicture(message: string): ApiFault {
  return new ApiFault(415, { code: "NO_PICTURE", message });
}
