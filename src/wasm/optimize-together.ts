// `optimizeRows` for several threads that share one memory, and the barrier that keeps them in step: each thread owns a range
// of rows, and no epoch starts before all are through the last one, so their number and pace change nothing in the result.

export { optimizeRows } from "./optimize-rows";

/** Threads through the epoch under way. */
const ARRIVED: usize = 120;
/** Epochs that all threads are through; what waiting threads sleep on. */
const FINISHED: usize = 124;
/** Not 0, where the work is called off. */
const STOP: usize = 128;

/** How long a waiting thread sleeps before it looks whether the work was called off, in nanoseconds. */
const PATIENCE: i64 = 100_000_000;

/** Waits until all `threads` are through the epoch. Returns 0, where the work was called off. */
export function awaitOthers(task: usize, epoch: u32, threads: i32): i32 {
  if (atomic.add<i32>(task, 1, ARRIVED) == threads - 1) {
    atomic.store<i32>(task, 0, ARRIVED);
    atomic.store<u32>(task, epoch + 1, FINISHED);
    atomic.notify(task + FINISHED);
  }
  while (atomic.load<u32>(task, FINISHED) <= epoch) {
    if (atomic.load<i32>(task, STOP) != 0) return 0;
    atomic.wait<u32>(task + FINISHED, epoch, PATIENCE);
  }
  return atomic.load<i32>(task, STOP) == 0 ? 1 : 0;
}
