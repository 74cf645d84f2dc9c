import type { CandidateLists } from "./candidate-lists.ts";

/** Columns that share one look: most have nothing to offer. */
const GROUP = 8;

/** The points behind the rows or columns of a block of products. */
export interface ScannedPoints {
  /** Row or column `i` stands for point `ids[i]`. */
  readonly ids: Int32Array;
  /** By point. */
  readonly bias: Int32Array;
}

/**
 * Offers the columns of a block of products to its rows, where `score = product + bias of row + bias of column`.
 *
 * @param products rows x columns
 */
export function scanForRows(
  products: Int32Array,
  rows: ScannedPoints,
  columns: ScannedPoints,
  lists: CandidateLists,
): void {
  const width = columns.ids.length;
  const wholeGroups = width - (width % GROUP);
  const largestBias = groupMaxima(columns);
  for (let i = 0; i < rows.ids.length; i++) {
    const row = rows.ids[i]!;
    const bias = rows.bias[row]!;
    const start = i * width;
    for (let j = 0; j < wholeGroups; j += GROUP) {
      const bound = lists.thresholds[row]! - bias - largestBias[j / GROUP]!;
      if (!anyAbove(products, start + j, bound)) continue;
      for (let c = j; c < j + GROUP; c++) offer(products[start + c]! + bias, row, columns, c, lists);
    }
    for (let c = wholeGroups; c < width; c++) offer(products[start + c]! + bias, row, columns, c, lists);
  }
}

/** As `scanForRows`, and the rows to the columns as well. */
export function scanForBoth(
  products: Int32Array,
  rows: ScannedPoints,
  columns: ScannedPoints,
  lists: CandidateLists,
): void {
  const { thresholds } = lists;
  const width = columns.ids.length;
  const wholeGroups = width - (width % GROUP);
  const largestBias = groupMaxima(columns);
  const lowestNeed = groupNeeds(columns, thresholds);
  for (let i = 0; i < rows.ids.length; i++) {
    const row = rows.ids[i]!;
    const bias = rows.bias[row]!;
    const start = i * width;
    for (let j = 0; j < wholeGroups; j += GROUP) {
      const rowBound = thresholds[row]! - bias - largestBias[j / GROUP]!;
      const columnBound = lowestNeed[j / GROUP]! - bias;
      if (!anyAbove(products, start + j, Math.min(rowBound, columnBound))) continue;
      for (let c = j; c < j + GROUP; c++) offerBoth(products[start + c]! + bias, row, columns, c, lists);
    }
    for (let c = wholeGroups; c < width; c++) offerBoth(products[start + c]! + bias, row, columns, c, lists);
  }
}

/** Whether one of eight products exceeds the bound: a negative difference shows in the sign of their union. */
function anyAbove(products: Int32Array, at: number, bound: number): boolean {
  return (
    ((bound - products[at]!) |
      (bound - products[at + 1]!) |
      (bound - products[at + 2]!) |
      (bound - products[at + 3]!) |
      (bound - products[at + 4]!) |
      (bound - products[at + 5]!) |
      (bound - products[at + 6]!) |
      (bound - products[at + 7]!)) <
    0
  );
}

function offer(
  partialScore: number,
  row: number,
  columns: ScannedPoints,
  column: number,
  lists: CandidateLists,
): void {
  const point = columns.ids[column]!;
  const score = partialScore + columns.bias[point]!;
  if (score > lists.thresholds[row]!) lists.add(row, score, point);
}

function offerBoth(
  partialScore: number,
  row: number,
  columns: ScannedPoints,
  column: number,
  lists: CandidateLists,
): void {
  const point = columns.ids[column]!;
  const score = partialScore + columns.bias[point]!;
  if (score > lists.thresholds[row]!) lists.add(row, score, point);
  if (score > lists.thresholds[point]!) lists.add(point, score, row);
}

function groupMaxima({ ids, bias }: ScannedPoints): Int32Array {
  const maxima = new Int32Array(Math.ceil(ids.length / GROUP)).fill(-(2 ** 30));
  for (let c = 0; c < ids.length; c++) {
    const group = Math.floor(c / GROUP);
    maxima[group] = Math.max(maxima[group]!, bias[ids[c]!]!);
  }
  return maxima;
}

/** The least that a row's part of the score must be for any column of a group; thresholds only rise while scanning. */
function groupNeeds({ ids, bias }: ScannedPoints, thresholds: Int32Array): Int32Array {
  const needs = new Int32Array(Math.ceil(ids.length / GROUP)).fill(2 ** 30);
  for (let c = 0; c < ids.length; c++) {
    const group = Math.floor(c / GROUP);
    needs[group] = Math.min(needs[group]!, thresholds[ids[c]!]! - bias[ids[c]!]!);
  }
  return needs;
}
