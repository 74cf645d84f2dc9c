import type { ApiEvent } from "../../core/explorer/api.ts";
import { ApiFailure, fetchGrouping, fetchModel, fetchPoints } from "../api/client.ts";
import { notify, notifyFailure } from "./notices.ts";
import { showModel } from "./show-model.ts";
import { setState, useExplorer } from "./store.ts";

/** Milliseconds until a server that has gone is looked for again, where the browser does not do that by itself. */
const RETRY = 3000;

/** Fetches the model and its points, and follows what others do to it. */
export async function openModel(): Promise<void> {
  try {
    const [model, points] = await Promise.all([fetchModel(), fetchPoints()]);
    document.title = model.name;
    setState({ model, points });
    followEvents();
  } catch (error) {
    const hint = error instanceof ApiFailure ? error.hint : "Is concept explore still running?";
    setState({ failure: { message: error instanceof Error ? error.message : String(error), hint } });
  }
}

function followEvents(): void {
  const events = new EventSource("/api/events");
  events.onopen = () => setState({ connection: "open" });
  events.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as ApiEvent);
  events.onerror = () => {
    setState({ connection: "lost" });
    if (events.readyState === EventSource.CLOSED) setTimeout(followEvents, RETRY);
  };
}

function hear(event: ApiEvent): void {
  const { model } = useExplorer.getState();
  if (event.kind === "thumbnails") setState({ thumbnails: { done: event.done, of: event.of } });
  else if (event.kind === "gone") setState({ connection: "gone" });
  else if (event.kind === "damaged") setState({ failure: event.error });
  else if (event.kind === "exportFailed") {
    const { message, hint } = event.error;
    notify({ tone: "error", text: `${event.file} is not whole. ${message}`, hint });
  } else if (event.kind === "revision") {
    setState({ connection: "open" });
    // Rows mean other pictures now: nothing of what is held is true any more.
    if (event.collection !== model?.collection) location.reload();
    else afterEdits(() => refreshIfOlder(event.revision));
  }
}

/** An edit of this page is heard of before its answer is here, which brings the model anyway. */
function afterEdits(act: () => void): void {
  if (!useExplorer.getState().saving) {
    act();
    return;
  }
  const stop = useExplorer.subscribe(({ saving }) => {
    if (saving) return;
    stop();
    act();
  });
}

function refreshIfOlder(revision: string): void {
  if (useExplorer.getState().model?.revision !== revision) void refreshModel();
}

/** After an edit made elsewhere. */
export async function refreshModel(): Promise<void> {
  try {
    showModel(...(await Promise.all([fetchModel(), fetchGrouping()])));
  } catch (error) {
    notifyFailure(error);
  }
}
