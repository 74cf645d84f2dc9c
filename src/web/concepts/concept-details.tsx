import { type ReactElement, useMemo } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { useExplorer } from "../state/store.ts";
import { ConceptPictures } from "./concept-pictures.tsx";
import { ConceptWords } from "./concept-words.tsx";
import { namerOf, stabilityOf, unclearnessOf } from "./explain-quality.ts";
import { rowsOfConcept } from "./rows-of-concept.ts";

interface ConceptDetailsProps {
  readonly id: number;
  /** null for the pictures in none. */
  readonly concept: ApiConcept | null;
}

/** The open part of a card. */
export function ConceptDetails({ id, concept }: ConceptDetailsProps): ReactElement {
  const points = useExplorer((state) => state.points)!;
  const rows = useMemo(() => rowsOfConcept(points, id, concept?.exemplars), [points, id, concept]);
  const remarks = concept === null ? [] : [unclearnessOf(concept), stabilityOf(concept)];
  const namer = concept === null ? null : namerOf(concept);
  const title = concept === null ? "Pictures" : "Pictures, the most telling first";
  return (
    <div className="concept-details">
      {remarks.map((remark) =>
        remark === null ? null : (
          <p key={remark.badge} className="concept-remark" data-badge={remark.badge}>
            {remark.reason}
          </p>
        ),
      )}
      {namer === null ? null : <p className="concept-remark">{namer}; the words below did not make it.</p>}
      {concept === null || concept.words.length === 0 ? null : <ConceptWords words={concept.words} />}
      <ConceptPictures key={id} rows={rows} title={title} />
    </div>
  );
}
