import type { ThinnedLevel } from "./thinning.ts";
import type { ThinningMessage } from "./thinning-worker.ts";

/** Chooses pictures in a worker: for a million of them it takes seconds, in which the map has to stay quick. */
export class ThinningClient {
  private readonly worker = new Worker(new URL("./thinning-worker.ts", import.meta.url), { type: "module" });
  private places: Float32Array | null;
  private request = 0;
  private onLevel: (level: ThinnedLevel) => void = () => undefined;

  /** @param places x and y of each row */
  constructor(places: Float32Array) {
    this.places = places;
    this.worker.onmessage = ({ data }: MessageEvent<ThinnedLevel & { readonly request: number }>) => {
      if (data.request === this.request) this.onLevel(data);
    };
  }

  /** @param onLevel is called with one level after the other; an earlier request is heard of no more */
  thin(order: Uint32Array, spacings: readonly number[], onLevel: (level: ThinnedLevel) => void): void {
    this.request++;
    this.onLevel = onLevel;
    const message: ThinningMessage = { request: this.request, places: this.places, order, spacings };
    this.worker.postMessage(message);
    this.places = null;
  }

  destroy(): void {
    this.worker.terminate();
  }
}
