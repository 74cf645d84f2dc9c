import { X } from "lucide-react";
import { type ReactElement, useEffect, useRef } from "react";
import { setState } from "../state/store.ts";
import { HeatmapCanvas, type HeatmapCanvasProps } from "./heatmap-canvas.tsx";
import { HeatmapScale } from "./heatmap-scale.tsx";

interface HeatmapDialogProps extends Pick<HeatmapCanvasProps, "ordered" | "concepts"> {
  readonly onClose: () => void;
}

/** The heatmap over the page, with the concepts' names beside it, as far as there is room for them. */
export function HeatmapDialog({ ordered, concepts, onClose }: HeatmapDialogProps): ReactElement {
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
        concepts={concepts}
        hasNames
        onChoose={(id) => {
          setState({ focusedConcept: id });
          onClose();
        }}
      />
      <HeatmapScale {...ordered} />
    </dialog>
  );
}
