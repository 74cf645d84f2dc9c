import { X } from "lucide-react";
import { type ReactElement, useEffect, useRef } from "react";
import { setState } from "../state/store.ts";
import { HeatmapCanvas } from "./heatmap-canvas.tsx";
import type { OrderedSimilarity } from "./ordered-similarity.ts";

interface HeatmapDialogProps {
  readonly ordered: OrderedSimilarity;
  readonly names: ReadonlyMap<number, string>;
  readonly onClose: () => void;
}

/** The heatmap over the page, with the concepts' names beside it. */
export function HeatmapDialog({ ordered, names, onClose }: HeatmapDialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="heatmap-dialog"
      aria-labelledby="heatmap-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="heatmap-head">
        <h2 id="heatmap-title">Concepts that are alike</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <X aria-hidden />
        </button>
      </div>
      <HeatmapCanvas
        ordered={ordered}
        names={names}
        hasNames
        onChoose={(id) => {
          setState({ focusedConcept: id });
          onClose();
        }}
      />
    </dialog>
  );
}
