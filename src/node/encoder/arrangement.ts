import { availableParallelism, cpus, totalmem } from "node:os";
import type { Matrix } from "../../core/math/matrix.ts";
import type { Arrangement } from "./encoder-pool.ts";

/** What can be arranged, seen from the one who measures. */
export interface Arrangeable {
  arrange(arrangement: Arrangement): Promise<void>;
  /** Embeds a sample that is the same every time, with the batch size of the arrangement. */
  embedSample(arrangement: Arrangement): Promise<Matrix>;
}

/** Milliseconds for each arrangement. */
const TRIAL = 1500;
/** What is slower than the best by this much at the first attempt is not tried any longer. */
const HOPELESS = 1.25;
/** Weights are unpacked and rearranged once they are loaded. */
const LOADED_BYTES_PER_BYTE = 2.5;
const MAX_SESSIONS = 4;
/** Another arrangement must be better by this much, as it takes more memory. */
const WORTH = 1.03;

/**
 * The arrangements to try: one tower on all processors, and as many towers as a quarter of the memory holds, four at most; each
 * with two batch sizes. The first is what runs untried.
 *
 * @param weightBytes size of the image tower's file
 */
export function candidateArrangements(
  weightBytes: number,
  processors: number = availableParallelism(),
  memory: number = totalmem(),
): readonly Arrangement[] {
  const affordable = Math.floor(memory / 4 / Math.max(1, weightBytes * LOADED_BYTES_PER_BYTE));
  const sessions = Math.min(processors, MAX_SESSIONS, affordable);
  const layouts = [{ sessions: 1, threads: processors }];
  if (sessions > 1) layouts.push({ sessions, threads: Math.floor(processors / sessions) });
  return layouts.flatMap((layout) => [8, 16].map((batch) => ({ ...layout, batch })));
}

/**
 * Tries each arrangement for a moment and gives the fastest of those that give the same vectors as the first to the last bit: on
 * whatever machine and at whatever moment it is tried, the outcome decides about speed only.
 */
export async function fastestArrangement(
  candidates: readonly Arrangement[],
  host: Arrangeable,
  signal?: AbortSignal,
): Promise<Arrangement> {
  let expected: Float32Array | undefined;
  let best = { arrangement: candidates[0]!, rate: 0 };
  for (const arrangement of candidates) {
    signal?.throwIfAborted();
    if (!(await arranged(host, arrangement))) continue;
    // The first run also allocates.
    const { data } = await host.embedSample(arrangement);
    expected ??= data;
    if (!equalBits(data, expected)) continue;
    const rate = await measuredRate(arrangement, host, best.rate / HOPELESS);
    if (rate > best.rate * (best.rate === 0 ? 1 : WORTH)) best = { arrangement, rate };
  }
  return best.arrangement;
}

/** Pictures a millisecond. */
async function measuredRate(arrangement: Arrangement, host: Arrangeable, least: number): Promise<number> {
  const start = performance.now();
  let rows = 0;
  let rate: number;
  do {
    rows += (await host.embedSample(arrangement)).rows;
    rate = rows / (performance.now() - start);
  } while (rate > least && performance.now() - start < TRIAL);
  return rate;
}

/** False where the machine cannot hold it: that is no reason to end a run that goes on without. */
async function arranged(host: Arrangeable, arrangement: Arrangement): Promise<boolean> {
  try {
    await host.arrange(arrangement);
    return true;
  } catch {
    return false;
  }
}

/** What an arrangement was measured for: another model or machine is to be measured anew. */
export function arrangementKey(embedderId: string): string {
  return `${embedderId} on ${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`;
}

export function equalBits(a: Float32Array, b: Float32Array): boolean {
  const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes(a).equals(bytes(b));
}
