import { ChevronRight } from "lucide-react";
import type { ReactElement } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { conceptColor, cssColor } from "../../core/view/concept-color.ts";
import { Thumbnail } from "../picture/thumbnail.tsx";
import { setState, useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { focusConcept } from "./focus-concept.ts";
import { conceptsBelow, type TreeRow, treePictures } from "./tree-rows.ts";

const PICTURES = 3;

interface ConceptTreeItemProps {
  readonly concepts: ReadonlyMap<number, ApiConcept>;
  readonly row: TreeRow;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  readonly onActive: (key: string) => void;
  readonly onToggle: (key: string) => void;
}

/** A group or a concept in the tree; pointed at, its concepts are lit on the map. */
export function ConceptTreeItem({
  concepts,
  row: { node, key, level, position, siblings },
  isOpen,
  isTabStop,
  onActive,
  onToggle,
}: ConceptTreeItemProps): ReactElement {
  const theme = useShownTheme();
  const isFocused = useExplorer((state) => node.concept !== null && state.focusedConcept === node.concept);
  const isGroup = node.concept === null;
  const light = (): void =>
    setState(isGroup ? { hoveredGroup: conceptsBelow(node) } : { hoveredConcept: node.concept });
  const darken = (): void => setState({ hoveredGroup: null, hoveredConcept: null });
  return (
    <div
      role="treeitem"
      className="tree-item"
      data-key={key}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={isGroup ? isOpen : undefined}
      aria-selected={isFocused}
      tabIndex={isTabStop ? 0 : -1}
      style={{ paddingInlineStart: `calc(var(--space-2) + ${level - 1} * var(--space-4))` }}
      onPointerEnter={light}
      onPointerLeave={darken}
      onFocus={() => {
        onActive(key);
        light();
      }}
      onBlur={darken}
      onClick={() => (isGroup ? onToggle(key) : focusConcept(node.concept!))}
      onKeyDown={() => undefined}
    >
      {isGroup ? (
        <ChevronRight className="tree-item-arrow" aria-hidden />
      ) : (
        <span className="swatch" style={{ background: cssColor(conceptColor(node.concept!, theme)) }} />
      )}
      <span className="tree-item-name one-line" title={node.name}>
        {node.name}
      </span>
      <span className="tree-item-pictures">
        {treePictures(node, concepts, PICTURES).map((picture) => (
          <Thumbnail key={picture} row={picture} />
        ))}
      </span>
      <span className="quiet number">{countText(node.size)}</span>
    </div>
  );
}
