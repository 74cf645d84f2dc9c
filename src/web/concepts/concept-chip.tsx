import type { ReactElement, ReactNode } from "react";
import { conceptColor, cssColor } from "../../core/view/concept-color.ts";
import { setState, useExplorer } from "../state/store.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { focusConcept } from "./focus-concept.ts";
import { conceptName } from "./shown-name.ts";

interface ConceptChipProps {
  /** -1 for the pictures in none. */
  readonly id: number;
  readonly className?: string;
  readonly children?: ReactNode;
}

/** A concept's colour and name; lights it on the map, and takes one to it. */
export function ConceptChip({ id, className = "chip", children }: ConceptChipProps): ReactElement {
  const theme = useShownTheme();
  const name = useExplorer((state) => conceptName(state.model?.concepts ?? [], id));
  const light = (): void => setState({ hoveredConcept: id });
  const darken = (): void => setState({ hoveredConcept: null });
  return (
    <button
      type="button"
      className={className}
      onPointerEnter={light}
      onPointerLeave={darken}
      onFocus={light}
      onBlur={darken}
      onClick={() => focusConcept(id)}
    >
      <span className="swatch" style={{ background: cssColor(conceptColor(id, theme)) }} />
      <span className="concept-chip-name one-line">{name}</span>
      {children}
    </button>
  );
}
