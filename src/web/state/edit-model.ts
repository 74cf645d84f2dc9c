import type { ApiEdit, ApiModel } from "../../core/explorer/api.ts";
import { ApiFailure, fetchGrouping, sendEdit, sendRedo, sendUndo } from "../api/client.ts";
import { notify, notifyFailure } from "./notices.ts";
import { refreshModel } from "./open-model.ts";
import { showModel } from "./show-model.ts";
import { setState, useExplorer } from "./store.ts";

/** Why an edit was not made, in words to show where it was asked for. */
export interface EditProblem {
  readonly text: string;
  readonly hint?: string | undefined;
}

/** What came of an edit: made, refused with the reason, or not made for a reason that a notice tells. */
export type EditOutcome =
  | { readonly made: true; readonly model: ApiModel }
  | { readonly made: false; readonly problem: EditProblem | null };

/** A problem as one text of whole sentences. */
export function problemText({ text, hint }: EditProblem): string {
  const sentence = /[.!?]$/.test(text) ? text : `${text}.`;
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}

type Send = (revision: string) => Promise<ApiModel>;

/** Makes an edit; it is in the model's log when this returns. The caller shows what is wrong with it. */
export const tryEdit = (request: ApiEdit): Promise<EditOutcome> =>
  inTurn((revision) => sendEdit(request, revision));

/** Makes an edit; a notice tells what is wrong with it. @returns whether it was made */
export const edit = (request: ApiEdit): Promise<boolean> => told(tryEdit(request));
/** Takes the last edit back, where there is one when its turn comes. */
export const undo = (): Promise<boolean> => told(inTurn(sendUndo, (model) => model.undo !== null));
export const redo = (): Promise<boolean> => told(inTurn(sendRedo, (model) => model.redo !== null));

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** One edit after the other, each upon the revision that the one before left: quick hands lose nothing. */
function inTurn(send: Send, isPossible: (model: ApiModel) => boolean = () => true): Promise<EditOutcome> {
  waiting++;
  setState({ saving: true });
  const turn = last.then(() => change(send, isPossible));
  last = turn.finally(() => {
    waiting--;
    setState({ saving: waiting > 0 });
  });
  return turn;
}

async function change(send: Send, isPossible: (model: ApiModel) => boolean): Promise<EditOutcome> {
  const { model } = useExplorer.getState();
  if (model === null || !isPossible(model)) return { made: false, problem: null };
  try {
    const changed = await send(model.revision);
    showModel(changed, await fetchGrouping());
    return { made: true, model: changed };
  } catch (error) {
    return { made: false, problem: await problemOf(error) };
  }
}

/** What the caller is to show; null where a notice tells it, as it does not concern this edit alone. */
async function problemOf(error: unknown): Promise<EditProblem | null> {
  if (error instanceof ApiFailure && error.status === 409) {
    await refreshModel();
    notify({
      tone: "info",
      text: "The model was edited elsewhere meanwhile. This is how it is now; your edit was not made.",
    });
    return null;
  }
  if (error instanceof ApiFailure && error.status < 500) return { text: error.message, hint: error.hint };
  notifyFailure(error);
  return null;
}

async function told(outcome: Promise<EditOutcome>): Promise<boolean> {
  const done = await outcome;
  if (!done.made && done.problem !== null) notify({ tone: "error", ...done.problem });
  return done.made;
}
