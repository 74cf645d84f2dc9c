import { type ReactElement, useMemo } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { setState } from "../state/store.ts";
import { alikePairs, type OrderedSimilarity } from "./ordered-similarity.ts";

interface AlikeTableProps {
  readonly ordered: OrderedSimilarity;
  readonly concepts: ReadonlyMap<number, ApiConcept>;
}

const PAIRS = 8;

/** The heatmap in words: which concepts are most alike, and might be one. */
export function AlikeTable({ ordered, concepts }: AlikeTableProps): ReactElement {
  const pairs = useMemo(() => alikePairs(ordered, PAIRS), [ordered]);
  const nameOf = (id: number): string => {
    const concept = concepts.get(id);
    return concept === undefined ? String(id) : shownName(concept);
  };
  return (
    <table className="alike">
      <caption>Most alike</caption>
      <tbody>
        {pairs.map(({ first, second, similarity }) => (
          <tr key={`${first} ${second}`}>
            {[first, second].map((id) => (
              <td key={id}>
                <button
                  type="button"
                  onClick={() => setState({ focusedConcept: id })}
                  onPointerEnter={() => setState({ hoveredConcept: id })}
                  onPointerLeave={() => setState({ hoveredConcept: null })}
                >
                  {nameOf(id)}
                </button>
              </td>
            ))}
            <td className="number">{similarity.toFixed(2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
