import { X } from "lucide-react";
import { type ReactElement, type ReactNode, useEffect, useId, useRef } from "react";
import { type EditProblem, problemText } from "../state/edit-model.ts";
import "./palette.css";

interface PaletteProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly problem?: EditProblem | null;
  readonly children: ReactNode;
}

/** A small dialog that asks one thing; what is wrong with the answer is told in it. */
export function Palette({ title, onClose, problem = null, children }: PaletteProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    // Dialogs focus their first button otherwise, which closes this one.
    opened?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="palette-body">
        <div className="palette-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <X aria-hidden />
          </button>
        </div>
        {children}
        {problem === null ? null : (
          <p className="callout" data-tone="danger" role="alert">
            {problemText(problem)}
          </p>
        )}
      </div>
    </dialog>
  );
}
