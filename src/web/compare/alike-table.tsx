import { type ReactElement, useMemo } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { nameOrId } from "../concepts/shown-name.ts";
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
                  {nameOrId(concepts, id)}
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
