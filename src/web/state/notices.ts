import { ApiFailure } from "../api/client.ts";
import { type Notice, setState, useExplorer } from "./store.ts";

let nextId = 1;

export function notify(notice: Omit<Notice, "id">): void {
  setState({ notices: [...useExplorer.getState().notices, { ...notice, id: nextId++ }].slice(-3) });
}

export function dismissNotice(id: number): void {
  setState({ notices: useExplorer.getState().notices.filter((notice) => notice.id !== id) });
}

export function notifyFailure(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const hint = error instanceof ApiFailure ? error.hint : undefined;
  notify({ tone: "error", text: error instanceof Error ? error.message : String(error), hint });
}
