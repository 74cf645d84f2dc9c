import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { type EditProblem, problemText, tryEdit } from "../state/edit-model.ts";
import { setState } from "../state/store.ts";
import "./name-form.css";

const SUGGESTIONS = 6;

/** Renames in place: Enter saves, Escape leaves the name as it was, words of the concept are suggested. */
export function NameForm({ concept }: { readonly concept: ApiConcept }): ReactElement {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(shownName(concept));
  const [problem, setProblem] = useState<EditProblem | null>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const close = (): void => setState({ renaming: null });
  const save = async (wanted: string): Promise<void> => {
    const text = wanted.trim();
    if (text === concept.name) return close();
    const outcome = await tryEdit({ kind: "rename", concept: concept.id, name: text });
    if (outcome.made) return close();
    setProblem(outcome.problem);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // The keys are those of the field, not of the card around it.
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.target === field.current) void save(name);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps keys and presses from the card around it
    <div className="name-form" onKeyDown={onKeyDown} onClick={(event) => event.stopPropagation()}>
      <input
        ref={field}
        className="field"
        aria-label={`Name of ${shownName(concept)}`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : id}
        maxLength={200}
        value={name}
        onChange={({ target }) => {
          setName(target.value);
          setProblem(null);
        }}
      />
      {problem === null ? null : (
        <p id={id} className="callout" data-tone="danger" role="alert">
          {problemText(problem)}
        </p>
      )}
      <div className="name-suggestions">
        {concept.words.slice(0, SUGGESTIONS).map(({ word }) => (
          <button key={word} type="button" className="chip" onClick={() => void save(word)}>
            {word}
          </button>
        ))}
        <button type="button" className="chip name-cancel" onClick={close}>
          Cancel
        </button>
      </div>
    </div>
  );
}
