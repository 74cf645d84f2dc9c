import type { Points } from "../state/points.ts";

/** The pictures of a concept, the surest first; -1 for those in none. */
export function rowsOfConcept({ concepts, probabilities }: Points, id: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < concepts.length; row++) if (concepts[row] === id) rows.push(row);
  return rows.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
}
