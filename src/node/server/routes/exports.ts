import { Hono } from "hono";
import type { ApiExportRequest, ApiExportTicket } from "../../../core/explorer/api.ts";
import type { ImageColumn, ImageTable } from "../../../core/model.ts";
import { picturePlaces } from "../../export/picture-places.ts";
import { safeName } from "../../export/safe-name.ts";
import { imagesTable, tableToCsv } from "../../export-tables.ts";
import { locate } from "../../inputs/location.ts";
import { badRequest, faultOf, notFound } from "../api-fault.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { ExportTickets } from "../export-tickets.ts";
import type { ModelView } from "../model-view.ts";
import { checkZipSize, pictureZip } from "../picture-zip.ts";
import { limitBody, readJson } from "../read-json.ts";
import { exportRequest } from "../request-bodies.ts";

/** A million rows. */
const MOST_BODY = 8 * 2 ** 20;
/** Rows written at a time. */
const STEP = 4096;

const KINDS = {
  csv: { ending: "csv", type: "text/csv; charset=utf-8" },
  list: { ending: "txt", type: "text/plain; charset=utf-8" },
  folders: { ending: "zip", type: "application/zip" },
} as const;

/** Files to take along: all that can be refused is refused when one is asked for; what is fetched is sent as it is made. */
export function exportRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  const tickets = new ExportTickets();
  routes.post("/", limitBody(MOST_BODY), async (context) => {
    const file = exportedFile(session, exportRequest(await readJson(context)));
    return Response.json({ ticket: tickets.issue(file) } satisfies ApiExportTicket, { status: 201 });
  });

  routes.get("/:ticket", ({ req }) => {
    session.assertSound();
    const file = tickets.use(req.param("ticket"));
    if (file === null) throw notFound("There is no such export: one can be fetched once, within a minute");
    return file;
  });
  return routes;
}

/** @throws ApiFault (400, 404, 413) before anything of the file is made */
function exportedFile(session: ExplorerSession, { rows, format, name }: ApiExportRequest): Response {
  const { view } = session;
  const chosen = rows ?? Array.from({ length: view.images }, (_, row) => row);
  if (chosen.some((row) => row >= view.images)) throw badRequest("There are no such rows");
  const { ending, type } = KINDS[format];
  const file = `${safeName(name ?? view.name)}.${ending}`;
  const made = tellingFailure(session, file, pieces(view, [...new Set(chosen)], format));
  // `from` asks for no piece ahead.
  return new Response(ReadableStream.from(made), {
    headers: {
      "Content-Type": type,
      "Content-Disposition": `attachment; filename*=UTF-8''${headerText(file)}`,
    },
  });
}

/** RFC 8187: some of what addresses may hold has a meaning in headers. */
function headerText(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** The browser knows only that the connection broke: why is told to the pages. */
async function* tellingFailure(
  session: ExplorerSession,
  file: string,
  made: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* made;
  } catch (error) {
    session.tell({ kind: "exportFailed", file, error: faultOf(error).answer });
    throw error;
  }
}

function pieces(
  view: ModelView,
  rows: readonly number[],
  format: ApiExportRequest["format"],
): AsyncGenerator<Uint8Array> {
  if (format !== "folders") return encoded(format === "csv" ? csvLines(view, rows) : pathLines(view, rows));
  if (view.root === null) throw notFound("The pictures of this model are no files");
  const { images, concepts } = view.fitted;
  const places = picturePlaces(images, concepts, new Set(rows));
  checkZipSize(view, places);
  return pictureZip(view, places);
}

async function* encoded(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const text of lines) yield encoder.encode(text);
}

function* pathLines(view: ModelView, rows: readonly number[]): Generator<string> {
  for (const step of steps(rows)) yield step.map((row) => `${pathOf(view, row)}\n`).join("");
}

function* csvLines(view: ModelView, rows: readonly number[]): Generator<string> {
  let heading = true;
  for (const step of steps(rows)) {
    const part = { ...view.fitted, images: takeImages(view.fitted.images, step) };
    yield tableToCsv(
      imagesTable(part, (place) => pathOf(view, step[place]!)),
      { heading },
    );
    heading = false;
  }
}

/** At least one step, so that a table without rows has its heading. */
function* steps(rows: readonly number[]): Generator<readonly number[]> {
  for (let from = 0; from === 0 || from < rows.length; from += STEP) yield rows.slice(from, from + STEP);
}

/** Where a file is, absolute, as `concept search` tells it. */
function pathOf({ fitted, root }: ModelView, row: number): string {
  const name = fitted.images.paths[row]!;
  return root === null ? name : locate(root, name);
}

function takeImages(images: ImageTable, rows: readonly number[]): ImageTable {
  const { data } = images.map;
  return {
    ...images,
    ids: rows.map((row) => images.ids[row]!),
    paths: rows.map((row) => images.paths[row]!),
    bytes: Float64Array.from(rows, (row) => images.bytes[row]!),
    concepts: Int32Array.from(rows, (row) => images.concepts[row]!),
    probabilities: Float32Array.from(rows, (row) => images.probabilities[row]!),
    map: {
      data: Float32Array.from({ length: 2 * rows.length }, (_, i) => data[2 * rows[i >> 1]! + (i & 1)]!),
      rows: rows.length,
      cols: 2,
    },
    captions: images.captions === null ? null : rows.map((row) => images.captions![row]!),
    columns: images.columns.map((column) => takeColumn(column, rows)),
  };
}

function takeColumn(column: ImageColumn, rows: readonly number[]): ImageColumn {
  const { name } = column;
  if (column.type === "text")
    return { name, type: column.type, values: rows.map((row) => column.values[row]!) };
  return { name, type: column.type, values: Float64Array.from(rows, (row) => column.values[row]!) };
}
