import type { ReactElement } from "react";
import { shownName } from "../concepts/shown-name.ts";
import { useExplorer } from "../state/store.ts";
import { setQuery } from "./edit-search.ts";

const SUGGESTIONS = 8;

/** Where nothing matches: words that surely do. */
export function NoResults(): ReactElement | null {
  const concepts = useExplorer((state) => state.model?.concepts) ?? [];
  const hasWords = useExplorer((state) => state.model?.searches.words ?? false);
  const words = concepts
    .filter(({ hidden, unclear, words }) => !hidden && !unclear && words.length > 0)
    .map((concept) => concept.words[0]?.word ?? shownName(concept));
  const suggestions = [...new Set(words)].slice(0, SUGGESTIONS);
  if (!hasWords || suggestions.length === 0) return null;
  return (
    <section className="no-results" aria-label="Words to try">
      <p className="quiet">There are such things here as</p>
      <ul>
        {suggestions.map((word) => (
          <li key={word}>
            <button type="button" className="chip" onClick={() => setQuery(word)}>
              {word}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
