import { type ReactElement, useState } from "react";
import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { ConceptChip } from "../concepts/concept-chip.tsx";
import { Thumbnail } from "../picture/thumbnail.tsx";
import { useExplorer } from "../state/store.ts";
import { countOf, countText } from "../ui/count-text.ts";

const FEW = 5;
const PICTURES = 3;

/** The concepts that a search found, best first. */
export function ConceptResults({
  concepts,
}: {
  readonly concepts: ApiSearchAnswer["concepts"];
}): ReactElement | null {
  const [showsAll, setShowsAll] = useState(false);
  const known = useExplorer((state) => state.model?.concepts) ?? [];
  const byId = new Map(known.map((concept) => [concept.id, concept]));
  const found = concepts.flatMap(({ id }) => byId.get(id) ?? []).filter(({ hidden }) => !hidden);
  if (found.length === 0) return null;
  const more = found.length - FEW;
  return (
    <section aria-label="Concepts found">
      <ul className="concept-results">
        {(showsAll ? found : found.slice(0, FEW)).map((concept) => (
          <li key={concept.id}>
            <ConceptChip id={concept.id} className="concept-result">
              <span className="concept-result-pictures">
                {concept.exemplars.slice(0, PICTURES).map((row) => (
                  <Thumbnail key={row} row={row} />
                ))}
              </span>
              <span className="quiet number">{countText(concept.size)}</span>
            </ConceptChip>
          </li>
        ))}
      </ul>
      {more > 0 && !showsAll ? (
        <button type="button" className="button results-more" onClick={() => setShowsAll(true)}>
          {countOf(more, "more concept")}
        </button>
      ) : null}
    </section>
  );
}
