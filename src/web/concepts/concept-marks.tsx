import { Bot, EyeOff, PencilLine, Pin } from "lucide-react";
import type { ReactElement } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { namerOf, stabilityOf, unclearnessOf } from "./explain-quality.ts";

/** Small signs beside the name: what people did to the concept, and how far it is to be trusted. */
export function ConceptMarks({ concept }: { readonly concept: ApiConcept }): ReactElement {
  const { pinned, hidden, namedBy } = concept;
  const namer = namerOf(concept);
  const Namer = namedBy === undefined ? PencilLine : Bot;
  const unclear = unclearnessOf(concept);
  const stability = stabilityOf(concept);
  return (
    <span className="concept-marks">
      {pinned ? <Pin role="img" aria-label="pinned" /> : null}
      {hidden ? <EyeOff role="img" aria-label="hidden" /> : null}
      {namer === null ? null : <Namer role="img" aria-label={namer} />}
      {unclear === null ? null : (
        <span className="badge" data-badge="unclear" title={unclear.reason}>
          unclear
        </span>
      )}
      {stability === null ? null : (
        <span className="badge" data-badge={stability.badge} title={stability.reason}>
          {stability.badge}
        </span>
      )}
    </span>
  );
}
