import { type ThinningRequest, thin } from "./thinning.ts";

/** Asks a worker for a choice of pictures; a newer request ends the one before. */
export interface ThinningMessage extends Omit<ThinningRequest, "places"> {
  readonly request: number;
  /** Only with the first request. */
  readonly places: Float32Array | null;
}

/** Milliseconds of work until the worker looks whether there is a newer request. */
const TURN = 40;

let latest = 0;
let places = new Float32Array(0);

self.onmessage = ({ data }: MessageEvent<ThinningMessage>) => {
  latest = data.request;
  if (data.places !== null) places = data.places as typeof places;
  void work(data);
};

async function work({ request, order, spacings }: ThinningMessage): Promise<void> {
  let end = performance.now() + TURN;
  for (const step of thin({ places, order, spacings })) {
    if (step !== null) self.postMessage({ request, ...step }, { transfer: [step.rows.buffer] });
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (request !== latest) return;
    end = performance.now() + TURN;
  }
}
