/** Milliseconds of work at a time: less than half of a frame. */
const SLICE = 6;

/** Runs a generator to its end in slices, so that the page stays quick. Aborting ends it without a call to `onDone`. */
export function runSliced<Result>(
  work: Generator<void, Result, void>,
  signal: AbortSignal,
  onDone: (result: Result) => void,
): void {
  const step = (): void => {
    if (signal.aborted) return;
    const end = performance.now() + SLICE;
    let turn = work.next();
    while (turn.done !== true && performance.now() < end) turn = work.next();
    if (turn.done === true) onDone(turn.value);
    else setTimeout(step);
  };
  setTimeout(step);
}
