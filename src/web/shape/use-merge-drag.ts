import { type DragEvent, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { notify } from "../state/notices.ts";
import { mergeInto } from "./merge-concepts.ts";
import "./merge-drag.css";

/** What makes a card one that can be dragged on others and others on it; to be spread on its element. */
export interface MergeDragProps {
  readonly draggable: true;
  readonly "data-merge": "source" | "target" | undefined;
  readonly onDragStart: (event: DragEvent<HTMLElement>) => void;
  readonly onDragEnd: () => void;
  readonly onDragOver: (event: DragEvent<HTMLElement>) => void;
  readonly onDragLeave: (event: DragEvent<HTMLElement>) => void;
  readonly onDrop: (event: DragEvent<HTMLElement>) => void;
}

const KIND = "application/x-concept";

/** Merges by dragging a card on another; "Merge with…" in the card's menu does the same with keys and by touch. */
export function useMergeDrag({ id, name }: ApiConcept): MergeDragProps {
  const [role, setRole] = useState<"source" | "target" | undefined>();
  return {
    draggable: true,
    "data-merge": role,
    onDragStart: ({ dataTransfer }) => {
      dataTransfer.setData(KIND, String(id));
      dataTransfer.setData("text/plain", name);
      dataTransfer.effectAllowed = "move";
      setRole("source");
    },
    onDragEnd: () => setRole(undefined),
    onDragOver: (event) => {
      if (role === "source" || !event.dataTransfer.types.includes(KIND)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      setRole("target");
    },
    onDragLeave: (event) => {
      const isInside = event.currentTarget.contains(event.relatedTarget as Node | null);
      if (role === "target" && !isInside) setRole(undefined);
    },
    onDrop: (event) => {
      const dragged = event.dataTransfer.getData(KIND);
      setRole(undefined);
      if (dragged === "" || Number(dragged) === id) return;
      event.preventDefault();
      void mergeDragged(id, Number(dragged));
    },
  };
}

async function mergeDragged(target: number, dragged: number): Promise<void> {
  const outcome = await mergeInto(target, dragged);
  if (!outcome.made && outcome.problem !== null) notify({ tone: "error", ...outcome.problem });
}
