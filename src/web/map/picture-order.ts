import type { ApiConcept } from "../../core/explorer/api.ts";
import type { Points } from "../state/points.ts";

/** Steps of probability: within one, rows that lie together on the map follow each other, which is quicker to work through. */
const STEPS = 15;

/**
 * Rows, the most telling first: exemplars of concepts, then by probability, roughly.
 *
 * @param lit 1 for the rows to be listed; null for all
 */
export function pictureOrder(
  { probabilities, slots }: Pick<Points, "probabilities" | "slots">,
  concepts: readonly Pick<ApiConcept, "exemplars">[],
  lit: Uint8Array | null,
): Uint32Array {
  const count = probabilities.length;
  const isListed = new Uint8Array(count);
  const order = new Uint32Array(count);
  let length = 0;
  for (const row of roundRobin(concepts)) {
    if (row >= count || isListed[row] === 1 || lit?.[row] === 0) continue;
    isListed[row] = 1;
    order[length++] = row;
  }
  // Counting sort: steps of probability are fine enough, and a million rows take no time.
  const starts = new Uint32Array(STEPS + 2);
  const stepOf = (row: number): number =>
    STEPS - Math.round(Math.min(1, Math.max(0, probabilities[row]!)) * STEPS);
  const isRest = (row: number): boolean => isListed[row] === 0 && lit?.[row] !== 0;
  for (let row = 0; row < count; row++) if (isRest(row)) starts[stepOf(row) + 1]!++;
  starts[0] = length;
  for (let step = 1; step < starts.length; step++) starts[step]! += starts[step - 1]!;
  length = starts.at(-1)!;
  for (const row of rowsBySlot(slots)) if (isRest(row)) order[starts[stepOf(row)]!++] = row;
  return order.subarray(0, length);
}

function rowsBySlot(slots: Uint32Array): Uint32Array {
  const rows = new Uint32Array(slots.length);
  for (let row = 0; row < slots.length; row++) rows[slots[row]!] = row;
  return rows;
}

/** The first exemplar of each concept, then the second of each, and so on. */
function* roundRobin(concepts: readonly Pick<ApiConcept, "exemplars">[]): Generator<number> {
  const most = concepts.reduce((longest, { exemplars }) => Math.max(longest, exemplars.length), 0);
  for (let place = 0; place < most; place++) {
    for (const { exemplars } of concepts) if (place < exemplars.length) yield exemplars[place]!;
  }
}
