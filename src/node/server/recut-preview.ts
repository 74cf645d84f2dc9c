import { previewRecut } from "../../core/edits/plan-edit.ts";
import type { ApiRecutRequest, ApiRecutSummary } from "../../core/explorer/api.ts";
import { nodeKernels } from "../onnx-kernels.ts";
import { ApiFault } from "./api-fault.ts";
import type { ExplorerSession } from "./explorer-session.ts";

/** What a recut would make of the model, one at a time: whoever asks next ends the one before. */
export class RecutPreview {
  private readonly session: ExplorerSession;
  private running = new AbortController();

  constructor(session: ExplorerSession) {
    this.session = session;
  }

  /** @throws ApiFault (409) when another was asked for in the meantime; InputError when there is no such cut */
  async make(
    request: ApiRecutRequest,
    asker: AbortSignal,
  ): Promise<{ readonly labels: Int32Array<ArrayBuffer>; readonly summary: ApiRecutSummary }> {
    this.running.abort(superseded());
    const own = new AbortController();
    this.running = own;
    // Those that came after this one are heard before any work is done.
    await new Promise(setImmediate);
    const signal = AbortSignal.any([own.signal, asker]);
    signal.throwIfAborted();
    const { fitted } = await this.session.wholeView();
    const { concepts, ids } = await previewRecut(fitted, request, { kernels: await nodeKernels(), signal });
    signal.throwIfAborted();
    const before = new Set(fitted.concepts.map(({ id }) => id));
    const kept = ids.filter((id) => before.has(id)).length;
    return {
      labels: Int32Array.from(concepts),
      summary: {
        concepts: ids.length,
        outliers: concepts.reduce((sum, id) => sum + (id === -1 ? 1 : 0), 0),
        kept,
        fresh: ids.length - kept,
        ended: before.size - kept,
      },
    };
  }
}

function superseded(): ApiFault {
  return new ApiFault(409, { code: "SUPERSEDED", message: "Another preview was asked for in the meantime" });
}
