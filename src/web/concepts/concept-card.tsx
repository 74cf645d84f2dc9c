import { type KeyboardEventHandler, type ReactElement, useMemo } from "react";
import { Thumbnail } from "../picture/thumbnail.tsx";
import { ConceptMenu } from "../shape/concept-menu.tsx";
import { NameForm } from "../shape/name-form.tsx";
import { setState, useExplorer } from "../state/store.ts";
import { percentText } from "../ui/count-text.ts";
import { cardContent } from "./card-content.ts";
import { CardFrame } from "./card-frame.tsx";
import { CardHead } from "./card-head.tsx";
import { ConceptDetails } from "./concept-details.tsx";
import { toggleConcept } from "./focus-concept.ts";
import "./concept-card.css";

interface ConceptCardProps {
  /** -1 for the pictures in none. */
  readonly id: number;
  /** Whether the tab key stops here; arrow keys go on. */
  readonly isTabStop: boolean;
  readonly onKeyDown: KeyboardEventHandler<HTMLElement>;
}

/** A concept at a glance; opened, all that is known of it. */
export function ConceptCard({ id, isTabStop, onKeyDown }: ConceptCardProps): ReactElement | null {
  const model = useExplorer((state) => state.model)!;
  const points = useExplorer((state) => state.points)!;
  const isFocused = useExplorer((state) => state.focusedConcept === id);
  const isRenamed = useExplorer((state) => state.renaming === id);
  const content = useMemo(() => cardContent(model, points, id), [model, points, id]);
  if (content === null) return null;
  const { concept } = content;
  return (
    <CardFrame id={id} concept={concept}>
      {concept !== null && isRenamed ? <NameForm key={id} concept={concept} /> : null}
      <button
        type="button"
        className="concept-card-main"
        data-concept={id}
        aria-expanded={isFocused}
        tabIndex={isTabStop ? 0 : -1}
        onKeyDown={onKeyDown}
        onFocus={() => setState({ hoveredConcept: id })}
        onBlur={() => setState({ hoveredConcept: null })}
        onClick={() => toggleConcept(id)}
      >
        {isRenamed ? null : <CardHead id={id} content={content} />}
        <span className="concept-collage">
          {content.collage.map((row) => (
            <Thumbnail key={row} row={row} />
          ))}
        </span>
        <span className="concept-card-foot">
          <span className="concept-card-words one-line">{content.words}</span>
          <span className="number">{percentText(content.size / model.images)}</span>
        </span>
      </button>
      {concept === null || isRenamed ? null : <ConceptMenu concept={concept} />}
      {isFocused ? <ConceptDetails id={id} concept={concept} /> : null}
    </CardFrame>
  );
}
