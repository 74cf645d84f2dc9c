import type { ReactElement } from "react";
import { conceptColor, cssColor } from "../../core/view/concept-color.ts";
import { countText } from "../ui/count-text.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import type { CardContent } from "./card-content.ts";
import { ConceptMarks } from "./concept-marks.tsx";

interface CardHeadProps {
  readonly id: number;
  readonly content: CardContent;
}

/** Colour, name, marks and size of a concept. */
export function CardHead({ id, content: { name, size, concept } }: CardHeadProps): ReactElement {
  const theme = useShownTheme();
  return (
    <span className="concept-card-head">
      <span className="swatch" style={{ background: cssColor(conceptColor(id, theme)) }} />
      <span className="concept-card-name one-line">{name}</span>
      {concept === null ? null : <ConceptMarks concept={concept} />}
      <span className="concept-card-size number">
        {countText(size)}
        <span className="visually-hidden"> pictures</span>
      </span>
    </span>
  );
}
