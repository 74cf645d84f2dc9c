import { type KeyboardEvent, type ReactElement, useId, useMemo, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { Thumbnail } from "../picture/thumbnail.tsx";
import type { EditProblem } from "../state/edit-model.ts";
import { countText } from "../ui/count-text.ts";
import { Palette } from "./palette.tsx";

interface ConceptChooserProps {
  readonly title: string;
  readonly concepts: readonly ApiConcept[];
  readonly problem: EditProblem | null;
  readonly onChoose: (concept: ApiConcept) => void;
  readonly onClose: () => void;
}

/** As many as a person reads; the search finds the others. */
const MOST = 60;

/** A list of concepts to choose one from, searched by name and words. */
export function ConceptChooser(props: ConceptChooserProps): ReactElement {
  const { title, concepts, problem, onChoose, onClose } = props;
  const id = useId();
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const found = useMemo(() => conceptsLike(concepts, text), [concepts, text]);
  const shown = found.slice(0, MOST);
  const marked = Math.min(place, shown.length - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (marked + step + shown.length) % Math.max(1, shown.length);
      setPlace(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    const chosen = shown[marked];
    if (event.key === "Enter" && chosen !== undefined) onChoose(chosen);
  };
  return (
    <Palette title={title} onClose={onClose} problem={problem}>
      <input
        className="field"
        data-first
        type="text"
        role="combobox"
        aria-label="Find a concept"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={shown.length > 0 ? `${id}-${marked}` : undefined}
        placeholder="Find a concept"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="chooser-list" id={id} role="listbox" aria-label="Concepts">
        {shown.map((concept, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the marked option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field listens to the keys
          <div
            key={concept.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === marked}
            className="chooser-option"
            onPointerMove={() => setPlace(i)}
            onClick={() => onChoose(concept)}
          >
            {concept.exemplars.slice(0, 1).map((row) => (
              <span key={row} className="chooser-picture">
                <Thumbnail row={row} />
              </span>
            ))}
            <span className="chooser-name one-line">{shownName(concept)}</span>
            <span className="quiet number">{countText(concept.size)}</span>
          </div>
        ))}
        {found.length > shown.length ? (
          <p className="quiet">{countText(found.length - shown.length)} more: type to find them.</p>
        ) : null}
        {found.length === 0 ? <p className="quiet">No concept is called so.</p> : null}
      </div>
    </Palette>
  );
}

/** Those whose name has it first, then those whose words do. */
function conceptsLike(concepts: readonly ApiConcept[], text: string): readonly ApiConcept[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return concepts;
  const named = concepts.filter(({ name }) => name.toLowerCase().includes(wanted));
  const isNamed = new Set(named);
  const described = concepts.filter(
    (concept) =>
      !isNamed.has(concept) && concept.words.some(({ word }) => word.toLowerCase().includes(wanted)),
  );
  return [...named, ...described];
}
