import { type ReactElement, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { focusConcept } from "../concepts/focus-concept.ts";
import { type EditProblem, tryEdit } from "../state/edit-model.ts";
import { setState, useExplorer } from "../state/store.ts";
import { countOf } from "../ui/count-text.ts";
import { ConceptChooser } from "./concept-chooser.tsx";

interface AddDialogProps {
  readonly selection: Uint32Array;
  readonly onClose: () => void;
}

/** Asks which concept the selected pictures are to be put into. */
export function AddDialog({ selection, onClose }: AddDialogProps): ReactElement {
  const concepts = useExplorer((state) => state.model?.concepts) ?? [];
  const [problem, setProblem] = useState<EditProblem | null>(null);
  const add = async ({ id }: ApiConcept): Promise<void> => {
    const outcome = await tryEdit({ kind: "move", pictures: Array.from(selection), to: id });
    if (!outcome.made && outcome.problem !== null) {
      setProblem(outcome.problem);
      return;
    }
    onClose();
    if (!outcome.made) return;
    setState({ selection: null });
    focusConcept(id);
  };
  return (
    <ConceptChooser
      title={`Add ${countOf(selection.length, "picture")} to`}
      concepts={concepts}
      problem={problem}
      onChoose={(concept) => void add(concept)}
      onClose={onClose}
    />
  );
}
