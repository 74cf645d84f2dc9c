import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { type ReactElement, useId, useState } from "react";
import { setState, useExplorer } from "../state/store.ts";
import { RecutSliders } from "./recut-sliders.tsx";
import "./recut.css";

/** More concepts, or fewer: cuts the kept tree anew. Stands at the foot of the list of concepts. */
export function RecutControls(): ReactElement | null {
  const id = useId();
  const canRecut = useExplorer((state) => state.model?.canRecut ?? false);
  const [isOpen, setOpen] = useState(false);
  if (!canRecut) return null;
  return (
    <section className="recut" aria-label="More or fewer concepts">
      <button
        type="button"
        className="recut-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => {
          setOpen(!isOpen);
          if (isOpen) setState({ preview: null });
        }}
      >
        <SlidersHorizontal aria-hidden />
        <span>More or fewer concepts</span>
        <ChevronDown aria-hidden className="recut-arrow" />
      </button>
      <div id={id}>{isOpen ? <RecutSliders /> : null}</div>
    </section>
  );
}
