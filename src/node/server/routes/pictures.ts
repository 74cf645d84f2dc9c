import { Hono } from "hono";
import type { ApiImage, ApiNeighbours } from "../../../core/explorer/api.ts";
import { row as rowOf } from "../../../core/math/matrix.ts";
import { matrixSource } from "../../../core/math/vector-source.ts";
import type { FittedModel } from "../../../core/model.ts";
import { exactTop } from "../../../core/search/exact-top.ts";
import { nodeKernels } from "../../onnx-kernels.ts";
import { type ApiFault, badRequest, notFound } from "../api-fault.ts";
import { columnText } from "../column-values.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { KeptAnswer } from "../kept-answer.ts";
import type { ModelView } from "../model-view.ts";
import { MOST_SIDE, originalAnswer, smallerAnswer } from "../picture-answer.ts";
import { openPictureFile, pictureState } from "../picture-file.ts";
import { placeNumber } from "../place-number.ts";

const MOST_NEIGHBOURS = 1000;

/** The pictures of a model, by row. */
export function pictureRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.get("/:row", async ({ req }) => {
    const { view } = session;
    return Response.json(await describeImage(view, imageRow(view, req.param("row"))));
  });

  routes.get("/:row/neighbours", async ({ req }) => {
    const view = await session.wholeView();
    const image = imageRow(view, req.param("row"));
    const count = boundedNumber(req.query("count") ?? "12", "count", MOST_NEIGHBOURS);
    return Response.json(await neighbours(view, image, count, req.raw.signal));
  });

  routes.get("/:row/picture", async ({ req }) => {
    const { view } = session;
    const image = imageRow(view, req.param("row"));
    const size = req.query("size");
    const side = size === undefined ? null : boundedNumber(size, "size", MOST_SIDE);
    const file = await openPictureFile(view, image);
    return side === null ? originalAnswer(file, req.raw) : smallerAnswer(file, req.raw, side);
  });
  return routes;
}

function imageRow(view: ModelView, text: string): number {
  const row = placeNumber(text, view.images);
  if (row === null) throw notFound("There is no such picture");
  return row;
}

function boundedNumber(text: string, name: string, most: number): number {
  const number = placeNumber(text, most + 1);
  if (number === null || number === 0) throw badRequest(`${name} is a whole number from 1 to ${most}`);
  return number;
}

async function describeImage(view: ModelView, row: number): Promise<ApiImage> {
  const { images } = view.fitted;
  return {
    row,
    id: images.ids[row]!,
    path: images.paths[row]!,
    concept: images.concepts[row]!,
    probability: images.probabilities[row]!,
    captions: images.captions?.[row] ?? [],
    columns: images.columns.map((column) => ({ name: column.name, value: columnText(column, row) })),
    bytes: images.bytes[row]!,
    file: await pictureState(view, row),
  };
}

async function neighbours(
  { fitted }: ModelView<FittedModel>,
  image: number,
  count: number,
  signal: AbortSignal,
): Promise<ApiNeighbours> {
  const { imageVectors } = fitted;
  const allowed = new Uint8Array(imageVectors.rows).fill(1);
  allowed[image] = 0;
  const options = { kernels: await nodeKernels(), allowed, signal };
  const found = await exactTop(matrixSource(imageVectors), rowOf(imageVectors, image), count, options);
  return { images: Array.from(found.rows, (row, i) => ({ row, score: found.scores[i]! })) };
}

/** Sheets of thumbnails, drawn when they are asked for. */
export function sheetRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.get("/:level/:file", async ({ req }) => {
    const { thumbnails } = session;
    if (thumbnails === null) throw noSheet();
    const { levels } = thumbnails.store;
    const level = placeNumber(req.param("level"), levels.length);
    const name = /^(\d{1,8})\.webp$/.exec(req.param("file"))?.[1];
    const index = level === null ? null : placeNumber(name, levels[level]!.sheets);
    if (level === null || index === null) throw noSheet();
    const bytes = new Uint8Array(await thumbnails.store.sheet(level, index, { signal: req.raw.signal }));
    const tag = `${thumbnails.collection}-${bytes.length.toString(36)}-${checksum(bytes)}`;
    return new KeptAnswer(bytes, { type: "image/webp", tag, compresses: false }).respond(req.raw);
  });
  return routes;
}

function noSheet(): ApiFault {
  return notFound("There is no such sheet of thumbnails");
}

/** Tells a sheet from the same one drawn again. */
function checksum(bytes: Uint8Array): string {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + bytes[i]!) | 0;
  return (sum >>> 0).toString(36);
}
