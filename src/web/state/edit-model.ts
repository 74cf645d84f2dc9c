import type { ApiEdit, ApiModel } from "../../core/explorer/api.ts";
import { ApiFailure, fetchGrouping, sendEdit, sendRedo, sendUndo } from "../api/client.ts";
import { notify, notifyFailure } from "./notices.ts";
import { refreshModel } from "./open-model.ts";
import { setState, useExplorer } from "./store.ts";

/** Makes an edit; it is in the model's log when this returns. @returns whether it was made */
export const edit = (request: ApiEdit): Promise<boolean> => change((revision) => sendEdit(request, revision));
export const undo = (): Promise<boolean> => change(sendUndo);
export const redo = (): Promise<boolean> => change(sendRedo);

async function change(send: (revision: string) => Promise<ApiModel>): Promise<boolean> {
  const { model, saving } = useExplorer.getState();
  if (model === null || saving) return false;
  setState({ saving: true });
  try {
    const changed = await send(model.revision);
    const grouping = await fetchGrouping();
    const { points, focusedConcept } = useExplorer.getState();
    const isThere = focusedConcept === -1 || changed.concepts.some(({ id }) => id === focusedConcept);
    setState({
      model: changed,
      points: points === null ? null : { ...points, ...grouping },
      preview: null,
      focusedConcept: isThere ? focusedConcept : null,
    });
    return true;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 409) {
      await refreshModel();
      notify({ tone: "info", text: "The model was edited elsewhere; this is how it is now. Try again." });
    } else notifyFailure(error);
    return false;
  } finally {
    setState({ saving: false });
  }
}
