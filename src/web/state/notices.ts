import { ApiFailure } from "../api/client.ts";
import { type Notice, setState, useExplorer } from "./store.ts";

let nextId = 1;

/** Milliseconds that what need not be acted upon is shown. */
const INFO = 8000;

/** @returns what `dismissNotice` takes */
export function notify(notice: Omit<Notice, "id">): number {
  const id = nextId++;
  setState({ notices: [...useExplorer.getState().notices, { ...notice, id }].slice(-3) });
  if (notice.tone === "info") setTimeout(() => dismissNotice(id), INFO);
  return id;
}

export function dismissNotice(id: number): void {
  setState({ notices: useExplorer.getState().notices.filter((notice) => notice.id !== id) });
}

export function notifyFailure(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const hint = error instanceof ApiFailure ? error.hint : undefined;
  notify({ tone: "error", text: error instanceof Error ? error.message : String(error), hint });
}
