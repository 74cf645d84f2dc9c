import type { Points } from "../state/points.ts";

/**
 * The pictures of a concept, -1 for those in none: exemplars first, then the surest.
 *
 * @param exemplars rows, the most telling first
 */
export function rowsOfConcept(
  { concepts, probabilities }: Pick<Points, "concepts" | "probabilities">,
  id: number,
  exemplars: readonly number[] = [],
): number[] {
  const isExemplar = new Set(exemplars);
  const rows: number[] = [];
  for (let row = 0; row < concepts.length; row++) {
    if (concepts[row] === id && !isExemplar.has(row)) rows.push(row);
  }
  rows.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  return [...exemplars.filter((row) => concepts[row] === id), ...rows];
}
