import { labelFault } from "../../core/concepts/names.ts";
import type { DenseKernels } from "../../core/math/kernels.ts";
import type { Matrix } from "../../core/math/matrix.ts";
import { type Concept, countOutliers, type FittedModel } from "../../core/model.ts";
import type { ReportData } from "../../core/report/report-data.ts";
import type { WorkOptions } from "../../core/stages.ts";
import { mapOrder } from "../../core/view/map-order.ts";
import { locate } from "../inputs/location.ts";
import type { MissingPicture } from "../thumbnails/picture-cell.ts";
import { base64 } from "./base64.ts";
import { drawReportSheets } from "./report-sheets.ts";
import { searchWords } from "./report-words.ts";

export interface ReportRequest {
  readonly title: string;
  /** Where the pictures are. */
  readonly root: string;
  readonly kernels: DenseKernels;
}

/** Thumbnails on the map, at most: of larger collections every n-th along the map is shown, and all are points. */
const MOST_THUMBNAILS = 30_000;
/** Pictures of concepts that are shown larger, at most, and for each concept. */
const MOST_EXEMPLARS = 1200;
const EXEMPLARS = 8;
const EXEMPLAR_CELL = 96;
const WORDS = 5;

/** Gathers what a report shows. The steps are named `"pictures"` and `"words"` to `onStep`. */
export async function reportData(
  model: FittedModel,
  { title, root, kernels }: ReportRequest,
  work: WorkOptions & { onStep?: ((step: "pictures" | "words", fraction: number) => void) | undefined },
): Promise<{ readonly data: ReportData; readonly missing: readonly MissingPicture[] }> {
  const { images } = model;
  const { signal, onStep } = work;
  const shown = model.concepts.filter(({ hidden }) => !hidden);
  const places = new Map(shown.map(({ id }, place) => [id, place]));
  const perConcept = Math.max(1, Math.min(EXEMPLARS, Math.floor(MOST_EXEMPLARS / Math.max(1, shown.length))));
  const concepts = shown.map((concept) => described(concept, perConcept));
  const pathOf = (row: number): string => locate(root, images.paths[row]!);
  const order = evenly(mapOrder(images.map), MOST_THUMBNAILS);
  const thumbnails = await drawReportSheets(
    { cell: cellFor(order.length), rows: order, pathOf },
    { signal, onProgress: (fraction) => onStep?.("pictures", fraction) },
  );
  const larger = Int32Array.from(new Set(concepts.flatMap((concept) => concept.exemplars)));
  const exemplars = await drawReportSheets({ cell: EXEMPLAR_CELL, rows: larger, pathOf }, { signal });
  const words = await searchWords(model, places, {
    kernels,
    signal,
    onProgress: (fraction) => onStep?.("words", fraction),
  });
  const groups = Uint32Array.from(images.concepts, (id) => (places.get(id) ?? -1) + 1);
  const data: ReportData = {
    title,
    outliers: countOutliers(images),
    concepts,
    places: base64(gridPlaces(images.map)),
    groups: base64(groups),
    paths: images.paths,
    thumbnails: thumbnails.sheets,
    exemplars: exemplars.sheets,
    words,
  };
  const missing = new Map([...exemplars.missing, ...thumbnails.missing].map((one) => [one.row, one]));
  return { data, missing: [...missing.values()].sort((a, b) => a.row - b.row) };
}

function described(concept: Concept, exemplars: number): ReportData["concepts"][number] {
  const { id, name, size, words } = concept;
  return {
    id,
    name,
    size,
    words: words.slice(0, WORDS).map(({ word, score }) => ({ word, score: Math.round(1000 * score) / 1000 })),
    exemplars: Array.from(concept.exemplars.subarray(0, exemplars)),
    fault: labelFault(words),
  };
}

/** Pixels of a thumbnail: as large as a report of a few megabytes allows. */
function cellFor(pictures: number): number {
  if (pictures <= 2000) return 64;
  if (pictures <= 6000) return 48;
  return pictures <= 12_000 ? 32 : 24;
}

function evenly(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

/** Places on a grid of 65,536 a side, both axes on one scale; y points down, as on a screen, where the map's points up. */
function gridPlaces({ data, rows }: Matrix): Uint16Array {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) continue;
    low[i % 2] = Math.min(low[i % 2]!, data[i]!);
    high[i % 2] = Math.max(high[i % 2]!, data[i]!);
  }
  const span = Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  const scale = span > 0 ? 65_535 / span : 0;
  const middle = [0, 1].map((axis) => (65_535 - scale * (high[axis]! - low[axis]!)) / 2);
  return Uint16Array.from({ length: 2 * rows }, (_, i) => {
    const along = i % 2 === 0 ? data[i]! - low[0]! : high[1]! - data[i]!;
    const place = middle[i % 2]! + scale * along;
    return Number.isFinite(place) ? Math.round(place) : 0;
  });
}
