// A server that shows any number of simulated pictures on the explorer's real page: what the page does is measured, not the server.
import { createServer } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import sharp from "sharp";
import { matrix, Rng } from "../dist/core/index.js";
import { mapOrder, orderSlots } from "../dist/core/view/map-order.js";
import { answerHeaders } from "../dist/node/server/answer-headers.js";
import { PageFiles } from "../dist/node/server/page-files.js";
import { sheetLevels } from "../dist/node/thumbnails/sheet-layout.js";

const CONCEPTS = 200;
const SHEETS_OF_A_LEVEL = 4;

/** @returns address and `close` */
export async function startSimulatedExplorer(pictures) {
  const points = simulatedPoints(pictures);
  const model = JSON.stringify(simulatedModel(points, pictures));
  const sheets = await drawSheets();
  const page = new PageFiles();
  const app = new Hono();
  app.use(answerHeaders);
  app.get("/api/model", (context) => context.body(model, 200, { "Content-Type": "application/json" }));
  app.get("/api/points/:part", (context) => context.body(points[context.req.param("part")].buffer));
  app.get("/api/sheets/:level/:file", (context) => {
    const { level, file } = context.req.param();
    const bytes = sheets[Number(level)][Number.parseInt(file, 10) % SHEETS_OF_A_LEVEL];
    return context.body(bytes, 200, { "Content-Type": "image/webp", "Cache-Control": "no-store" });
  });
  app.get(
    "/api/events",
    () => new Response(new ReadableStream(), { headers: { "Content-Type": "text/event-stream" } }),
  );
  app.get("/api/images/:row", (context) => context.json(imageOf(points, Number(context.req.param("row")))));
  app.get("/api/images/:row/picture", (context) =>
    context.body(sheets.picture, 200, { "Content-Type": "image/webp" }),
  );
  app.get("*", (context) => page.respond(context.req.path, context.req.raw));
  const server = createAdaptorServer({ fetch: app.fetch, createServer });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Clouds of many sizes, some of them long, with a twentieth of the pictures in none: as maps of photos look. */
function simulatedPoints(pictures) {
  const rng = new Rng(7);
  const clouds = Array.from({ length: CONCEPTS }, () => ({
    x: 24 * (rng.uniform() - 0.5),
    y: 18 * (rng.uniform() - 0.5),
    wide: 0.15 + 0.5 * rng.uniform(),
    narrow: 0.1 + 0.2 * rng.uniform(),
    turn: Math.PI * rng.uniform(),
  }));
  const map = new Float32Array(2 * pictures);
  const concepts = new Int32Array(pictures);
  const probabilities = new Float32Array(pictures);
  for (let row = 0; row < pictures; row++) {
    const concept = Math.floor(CONCEPTS * rng.uniform() ** 1.7);
    const { x, y, wide, narrow, turn } = clouds[concept];
    const distance = Math.sqrt(-2 * Math.log(1 - rng.uniform()));
    const angle = 2 * Math.PI * rng.uniform();
    const [a, b] = [wide * distance * Math.cos(angle), narrow * distance * Math.sin(angle)];
    map[2 * row] = x + a * Math.cos(turn) - b * Math.sin(turn);
    map[2 * row + 1] = y + a * Math.sin(turn) + b * Math.cos(turn);
    concepts[row] = rng.uniform() < 0.05 ? -1 : concept;
    probabilities[row] = Math.exp(-distance / 3);
  }
  const slots = Uint32Array.from(orderSlots(mapOrder(matrix(map, pictures, 2))));
  return { map, concepts, probabilities, slots };
}

function simulatedModel({ concepts }, pictures) {
  const sizes = new Array(CONCEPTS).fill(0);
  for (const id of concepts) if (id >= 0) sizes[id]++;
  return {
    name: `${pictures.toLocaleString("en")} simulated pictures`,
    revision: "1",
    images: pictures,
    outliers: pictures - sizes.reduce((sum, size) => sum + size, 0),
    concepts: sizes.map((size, id) => ({
      id,
      name: `concept ${id}`,
      size,
      words: [],
      exemplars: [],
      pinned: false,
      hidden: false,
      renamed: false,
      unclear: false,
      stability: null,
      x: 0,
      y: 0,
    })),
    columns: [],
    hasCaptions: false,
    searches: { words: false, pictures: false },
    canRecut: false,
    minConceptSize: 10,
    undo: null,
    redo: null,
    sheets: sheetLevels(pictures),
  };
}

function imageOf({ concepts, probabilities }, row) {
  return {
    row,
    id: `${row}`,
    path: `${row}.jpg`,
    concept: concepts[row],
    probability: probabilities[row],
    captions: [],
    columns: [],
    bytes: 0,
    file: "none",
  };
}

/** Noise with something in it, so that sheets are as heavy as those of photos; a few of them serve for all. */
async function drawSheets() {
  const rng = new Rng(3);
  const draw = async (cells) => {
    const side = 1024 / cells;
    const small = Buffer.from(Uint8Array.from({ length: 3 * (cells * 6) ** 2 }, () => 255 * rng.uniform()));
    return sharp(small, { raw: { width: cells * 6, height: cells * 6, channels: 3 } })
      .resize(cells * side, cells * side, { kernel: "cubic" })
      .webp({ quality: 80 })
      .toBuffer();
  };
  const sheets = [];
  for (const cells of [32, 8]) {
    sheets.push(await Promise.all(Array.from({ length: SHEETS_OF_A_LEVEL }, () => draw(cells))));
  }
  sheets.picture = await sharp(sheets[1][0]).resize(256).webp().toBuffer();
  return sheets;
}
