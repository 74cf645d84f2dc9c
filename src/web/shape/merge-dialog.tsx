import { type ReactElement, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import type { EditProblem } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { ConceptChooser } from "./concept-chooser.tsx";
import { mergeInto } from "./merge-concepts.ts";

interface MergeDialogProps {
  readonly concept: ApiConcept;
  readonly onClose: () => void;
}

/** Asks which concept another is to be merged with. */
export function MergeDialog({ concept, onClose }: MergeDialogProps): ReactElement {
  const concepts = useExplorer((state) => state.model?.concepts) ?? [];
  const [problem, setProblem] = useState<EditProblem | null>(null);
  const merge = async (other: ApiConcept): Promise<void> => {
    const outcome = await mergeInto(concept.id, other.id);
    if (outcome.made || outcome.problem === null) onClose();
    else setProblem(outcome.problem);
  };
  return (
    <ConceptChooser
      title={`Merge “${shownName(concept)}” with`}
      concepts={concepts.filter(({ id }) => id !== concept.id)}
      problem={problem}
      onChoose={(other) => void merge(other)}
      onClose={onClose}
    />
  );
}
