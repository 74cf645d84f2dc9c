import type { ReactElement, ReactNode } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { type MergeDragProps, useMergeDrag } from "../shape/use-merge-drag.ts";
import { setState, useExplorer } from "../state/store.ts";

interface CardFrameProps {
  readonly id: number;
  /** null for the pictures in none, which cannot be merged with anything. */
  readonly concept: ApiConcept | null;
  readonly children: ReactNode;
}

/** The card around its content: lights the map, and is dragged on another to merge the two. */
export function CardFrame({ concept, ...props }: CardFrameProps): ReactElement {
  return concept === null ? (
    <Frame {...props} isHidden={false} merge={null} />
  ) : (
    <MergeableFrame {...props} concept={concept} />
  );
}

function MergeableFrame({
  concept,
  ...props
}: CardFrameProps & { readonly concept: ApiConcept }): ReactElement {
  return <Frame {...props} isHidden={concept.hidden} merge={useMergeDrag(concept)} />;
}

interface FrameProps extends Omit<CardFrameProps, "concept"> {
  readonly isHidden: boolean;
  readonly merge: MergeDragProps | null;
}

function Frame({ id, isHidden, merge, children }: FrameProps): ReactElement {
  const isFocused = useExplorer((state) => state.focusedConcept === id);
  const isHovered = useExplorer((state) => state.hoveredConcept === id);
  return (
    <article
      className="concept-card"
      data-focused={isFocused || undefined}
      data-hovered={isHovered || undefined}
      data-hidden={isHidden || undefined}
      onPointerEnter={() => setState({ hoveredConcept: id })}
      onPointerLeave={() => setState({ hoveredConcept: null })}
      {...merge}
    >
      {children}
    </article>
  );
}
