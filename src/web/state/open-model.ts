import type { ApiEvent } from "../../core/explorer/api.ts";
import { ApiFailure, fetchGrouping, fetchModel, fetchPoints } from "../api/client.ts";
import { notifyFailure } from "./notices.ts";
import { setState, useExplorer } from "./store.ts";

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
  events.onmessage = ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as ApiEvent;
    if (event.kind === "thumbnails") setState({ thumbnails: { done: event.done, of: event.of } });
    else if (event.kind === "revision" && event.revision !== useExplorer.getState().model?.revision)
      void refreshModel();
  };
}

/** After an edit made elsewhere. */
export async function refreshModel(): Promise<void> {
  try {
    const [model, grouping] = await Promise.all([fetchModel(), fetchGrouping()]);
    const { points } = useExplorer.getState();
    if (points !== null) setState({ model, points: { ...points, ...grouping }, preview: null });
  } catch (error) {
    notifyFailure(error);
  }
}
