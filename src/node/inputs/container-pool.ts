import { stat } from "node:fs/promises";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { containerKindOf } from "./container-kinds.ts";
import type { OpenContainer } from "./input.ts";

/** Files kept open at a time. */
const MAX_OPEN = 16;
/** A file nobody asked for so long is closed, so that it can be moved or deleted. */
const IDLE_MILLISECONDS = 10_000;

interface Pooled {
  /** What must stay the same for the file to be the same. */
  readonly state: string;
  readonly opening: Promise<OpenContainer>;
  users: number;
  lastUsed: number;
}

/** Most recently used last. */
const pool = new Map<string, Pooled>();
let sweeper: NodeJS.Timeout | undefined;

/**
 * Reads an entry of a file that holds pictures. Files stay open for a while, with what was learnt of them, since most are
 * asked for one entry after the other; one that has changed is opened anew.
 *
 * @throws UnusablePicture, or the system's error
 */
export async function readEntry(
  container: string,
  entry: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const pooled = await acquire(container);
  try {
    return await (await pooled.opening).read(entry, signal);
  } finally {
    pooled.users--;
    pooled.lastUsed = Date.now();
    if (pool.get(container) !== pooled) closeUnused(pooled);
  }
}

async function acquire(container: string): Promise<Pooled> {
  const kind = containerKindOf(container);
  if (kind === undefined)
    throw new UnusablePicture("unsupported", "the file that holds it is of no known kind");
  const { size, mtimeMs, ino } = await stat(container);
  const state = `${size} ${mtimeMs} ${ino}`;
  let pooled = pool.get(container);
  if (pooled?.state !== state) {
    if (pooled !== undefined) discard(container, pooled);
    pooled = { state, opening: kind.open(container), users: 0, lastUsed: 0 };
    // Heard by whoever reads; what could not be opened is tried again next time.
    const failed = pooled;
    failed.opening.catch(() => {
      if (pool.get(container) === failed) pool.delete(container);
    });
  }
  pooled.users++;
  pool.delete(container);
  pool.set(container, pooled);
  closeIdle(pool.size - MAX_OPEN);
  sweeper ??= setInterval(() => closeIdle(0), IDLE_MILLISECONDS).unref();
  return pooled;
}

/** Closes what has been idle for long, and the `surplus` longest idle. */
function closeIdle(surplus: number): void {
  const limit = Date.now() - IDLE_MILLISECONDS;
  let left = surplus;
  for (const [container, pooled] of pool) {
    if (pooled.users === 0 && (left > 0 || pooled.lastUsed < limit)) {
      discard(container, pooled);
      left--;
    }
  }
  if (pool.size > 0) return;
  clearInterval(sweeper);
  sweeper = undefined;
}

function discard(container: string, pooled: Pooled): void {
  pool.delete(container);
  closeUnused(pooled);
}

/** What is still being read is closed by its last reader. */
function closeUnused({ opening, users }: Pooled): void {
  if (users === 0) opening.then((opened) => opened.close()).catch(() => undefined);
}
