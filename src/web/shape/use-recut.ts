import { useCallback, useEffect, useRef, useState } from "react";
import type { ApiRecutRequest } from "../../core/explorer/api.ts";
import { ApiFailure, previewRecut } from "../api/client.ts";
import { type EditProblem, tryEdit } from "../state/edit-model.ts";
import { notifyFailure } from "../state/notices.ts";
import { setState, useExplorer } from "../state/store.ts";

export interface Recut {
  /** What was asked for last and is not yet kept or dropped. */
  readonly asked: ApiRecutRequest | null;
  readonly status: "still" | "running";
  /** Why what was asked for cannot be had. */
  readonly problem: EditProblem | null;
  readonly ask: (request: ApiRecutRequest) => void;
  readonly keep: () => Promise<boolean>;
  readonly drop: () => void;
}

/** Milliseconds for which a slider rests before a recut is asked for. */
const PAUSE = 80;

/** Shows recuts on the map as they are asked for, only the last one, and makes an edit of one when it is kept. */
export function useRecut(): Recut {
  const [asked, setAsked] = useState<ApiRecutRequest | null>(null);
  const [status, setStatus] = useState<Recut["status"]>("still");
  const [problem, setProblem] = useState<EditProblem | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<AbortController>(undefined);

  const drop = useCallback((): void => {
    clearTimeout(timer.current);
    running.current?.abort();
    setAsked(null);
    setStatus("still");
    setProblem(null);
    setState({ preview: null });
  }, []);

  const ask = useCallback((request: ApiRecutRequest): void => {
    clearTimeout(timer.current);
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setAsked(request);
    setStatus("running");
    timer.current = setTimeout(async () => {
      try {
        const { labels, summary } = await previewRecut(request, own.signal);
        if (own.signal.aborted) return;
        setState({ preview: { request, labels, summary } });
        setProblem(null);
      } catch (error) {
        if (own.signal.aborted) return;
        setState({ preview: null });
        if (error instanceof ApiFailure) setProblem(recutProblem(request, error));
        else notifyFailure(error);
      }
      setStatus("still");
    }, PAUSE);
  }, []);

  const keep = useCallback(async (): Promise<boolean> => {
    const { preview } = useExplorer.getState();
    if (preview === null) return false;
    const outcome = await tryEdit({ kind: "recut", ...preview.request });
    if (!outcome.made) setProblem(outcome.problem);
    return outcome.made;
  }, []);

  const revision = useExplorer((state) => state.model?.revision);
  // A kept recut, like every edit, makes another model, and what was previewed was of the one before. Leaving drops it, too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is what it waits for
  useEffect(() => drop, [drop, revision]);
  return { asked, status, problem, ask, keep, drop };
}

/** "There cannot be 600 concepts, only from 2 to 146." */
function recutProblem({ concepts }: ApiRecutRequest, { message, hint, expected }: ApiFailure): EditProblem {
  const isNumber = concepts !== undefined && expected !== undefined;
  return { text: isNumber ? `There cannot be ${concepts} concepts, only ${expected}` : message, hint };
}
