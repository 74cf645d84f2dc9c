import { type ReactElement, useId, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { type EditProblem, tryEdit } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { Palette } from "./palette.tsx";

interface SplitDialogProps {
  readonly concept: ApiConcept;
  readonly onClose: () => void;
}

const MOST_PARTS = 20;

/** Asks into how many parts a concept is to be split. */
export function SplitDialog({ concept, onClose }: SplitDialogProps): ReactElement {
  const id = useId();
  const saving = useExplorer((state) => state.saving);
  const [into, setInto] = useState("");
  const [problem, setProblem] = useState<EditProblem | null>(null);
  const split = async (): Promise<void> => {
    const outcome = await tryEdit({
      kind: "split",
      concept: concept.id,
      ...(into === "" ? {} : { into: Number(into) }),
    });
    if (outcome.made || outcome.problem === null) onClose();
    else setProblem(outcome.problem);
  };
  return (
    <Palette title={`Split “${shownName(concept)}”`} onClose={onClose} problem={problem}>
      <form
        className="split-form"
        onSubmit={(event) => {
          event.preventDefault();
          void split();
        }}
      >
        <label htmlFor={id}>Parts</label>
        <input
          id={id}
          className="field number"
          data-first
          type="number"
          min={2}
          max={Math.min(MOST_PARTS, concept.size)}
          placeholder="2"
          value={into}
          onChange={({ target }) => setInto(target.value)}
        />
        <button type="submit" className="button button-primary" disabled={saving}>
          Split
        </button>
        <p className="quiet">Left empty, it is split where its own tree parts it.</p>
      </form>
    </Palette>
  );
}
