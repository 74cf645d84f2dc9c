import { Redo2, Undo2 } from "lucide-react";
import type { ReactElement } from "react";
import { redo, undo } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { useUndoKeys } from "./use-undo-keys.ts";

/** Takes edits back and makes them again, and says which. */
export function UndoButtons(): ReactElement {
  const undoable = useExplorer((state) => state.model?.undo ?? null);
  const redoable = useExplorer((state) => state.model?.redo ?? null);
  useUndoKeys();
  const undoText = undoable === null ? "Nothing to undo" : `Undo ${undoable}`;
  const redoText = redoable === null ? "Nothing to redo" : `Redo ${redoable}`;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={undoText}
        title={undoText}
        aria-keyshortcuts="Control+Z"
        disabled={undoable === null}
        onClick={() => void undo()}
      >
        <Undo2 aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={redoText}
        title={redoText}
        aria-keyshortcuts="Control+Shift+Z"
        disabled={redoable === null}
        onClick={() => void redo()}
      >
        <Redo2 aria-hidden />
      </button>
    </>
  );
}
