import { X } from "lucide-react";
import { type ReactElement, useEffect, useRef } from "react";
import { useExplorer } from "../state/store.ts";
import { closePicture, stepPicture } from "./open-picture.ts";
import { PictureFacts } from "./picture-facts.tsx";
import { PictureLarge } from "./picture-large.tsx";
import { PictureNeighbours } from "./picture-neighbours.tsx";
import "./picture-dialog.css";

/** A picture large, with what is known of it and what is like it. */
export function PictureDialog(): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const row = useExplorer((state) => state.openRow);
  const isOpen = row !== null;
  useEffect(() => {
    // The browser gives the focus back to where it was.
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    // Wherever the focus is: what had it may have gone with the picture before.
    addEventListener("keydown", stepByArrows);
    return () => removeEventListener("keydown", stepByArrows);
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keys, Escape closes it
    <dialog
      ref={dialog}
      className="picture-dialog"
      aria-label="Picture"
      onClose={closePicture}
      onClick={({ target, currentTarget }) => {
        // The veil behind a dialog is the dialog itself.
        if (target === currentTarget) currentTarget.close();
      }}
    >
      {row === null ? null : (
        <div className="picture-page">
          <PictureLarge row={row} />
          <div className="picture-side">
            <PictureFacts row={row} />
            <PictureNeighbours row={row} />
          </div>
          <button
            type="button"
            className="icon-button picture-close"
            aria-label="Close the picture"
            onClick={closePicture}
          >
            <X aria-hidden />
          </button>
        </div>
      )}
    </dialog>
  );
}

function stepByArrows(event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  stepPicture(step as 1 | -1);
}
