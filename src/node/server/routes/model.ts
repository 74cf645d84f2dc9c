import { Hono } from "hono";
import { type BinOptions, columnBins } from "../../../core/compare/column-bins.ts";
import { conceptSimilarity } from "../../../core/compare/concept-similarity.ts";
import { conceptsOver } from "../../../core/compare/concepts-over.ts";
import { leafOrder } from "../../../core/compare/leaf-order.ts";
import type { ApiOver, ApiSimilarity, ApiWords } from "../../../core/explorer/api.ts";
import { conceptHierarchy } from "../../../core/hierarchy/concept-hierarchy.ts";
import { takeRows } from "../../../core/math/matrix.ts";
import type { FittedModel, ImageColumn } from "../../../core/model.ts";
import { nodeKernels } from "../../onnx-kernels.ts";
import { notFound } from "../api-fault.ts";
import { columnValues } from "../column-values.ts";
import type { ExplorerSession } from "../explorer-session.ts";
import { KeptAnswer } from "../kept-answer.ts";
import type { ModelView } from "../model-view.ts";
import { placeNumber } from "../place-number.ts";
import { treeNodes } from "../tree-nodes.ts";

const MOST_WORDS = 20;
/** The answer grows with the square. */
const MOST_COMPARED = 400;
const BINS = ["auto", "year", "month", "day"] as const;

/** What the page shows of a model beside its pictures. */
export function modelRoutes(session: ExplorerSession): Hono {
  const routes = new Hono();
  routes.get("/model", async ({ req }) => (await session.view.modelAnswer()).respond(req.raw));

  routes.get("/columns/:index", async ({ req }) => {
    const { view } = session;
    const column = columnAt(session, req.param("index"));
    const make = () => KeptAnswer.json(columnValues(column), view.collection);
    return (await view.answer(`column ${column.name}`, make)).respond(req.raw);
  });

  routes.get("/hierarchy", async ({ req }) => {
    const view = await session.wholeView();
    const make = async () => {
      const hierarchy = await conceptHierarchy(view.fitted, { kernels: await nodeKernels() });
      return KeptAnswer.json(treeNodes(hierarchy), view.revision);
    };
    return (await view.answer("hierarchy", make)).respond(req.raw);
  });

  routes.get("/similarity", async ({ req }) => {
    const view = await session.wholeView();
    const make = () => KeptAnswer.json(similarity(view), view.revision);
    return (await view.answer("similarity", make)).respond(req.raw);
  });

  routes.get("/over", async ({ req }) => {
    const { view } = session;
    const column = columnAt(session, req.query("column") ?? "");
    const bin = BINS.find((known) => known === req.query("bin"));
    const make = () => KeptAnswer.json(over(view, column, bin), view.revision);
    return (await view.answer(`over ${bin} ${column.name}`, make)).respond(req.raw);
  });

  routes.get("/words", async ({ req }) => {
    const { fitted } = await session.wholeView();
    const prefix = (req.query("prefix") ?? "").toLowerCase();
    const words: string[] = [];
    for (const word of fitted.vocabulary?.words ?? []) {
      if (words.length === MOST_WORDS) break;
      if (word.toLowerCase().startsWith(prefix)) words.push(word);
    }
    return Response.json({ words } satisfies ApiWords);
  });
  return routes;
}

function columnAt({ view }: ExplorerSession, index: string): ImageColumn {
  const { columns } = view.fitted.images;
  return columns[placeNumber(index, columns.length) ?? -1] ?? missing();
}

function missing(): never {
  throw notFound("There is no such column");
}

function similarity({ fitted }: ModelView<FittedModel>): ApiSimilarity {
  const { concepts, conceptVectors } = fitted;
  const visible = [...concepts.keys()].filter((place) => concepts[place]!.hidden !== true);
  const places = visible.slice(0, MOST_COMPARED);
  const shown = {
    concepts: places.map((place) => concepts[place]!),
    conceptVectors: takeRows(conceptVectors, places),
  };
  const { similarities, dendrogram } = conceptSimilarity(shown);
  const distances = similarities.map((value) => 1 - value);
  return {
    concepts: shown.concepts.map(({ id }) => id),
    similarities: Array.from(similarities, (value) => Math.round(1e4 * value) / 1e4),
    order: Array.from(leafOrder(dendrogram.children, places.length, distances)),
    leftOut: visible.length - places.length,
  };
}

function over({ fitted }: ModelView, column: ImageColumn, bin: BinOptions["bin"]): ApiOver {
  const { kind, bins, unknown, concepts } = conceptsOver(fitted, columnBins(column, { bin }));
  return {
    kind,
    bins,
    unknown,
    concepts: concepts.map(({ id, counts, zScores }) => ({
      id,
      counts: Array.from(counts),
      zScores: Array.from(zScores, (value) => Math.round(100 * value) / 100),
    })),
  };
}
