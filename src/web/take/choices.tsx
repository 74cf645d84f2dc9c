import { type ReactElement, useId } from "react";

interface ChoicesProps<Value extends string | number> {
  readonly name: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly text: string; readonly note: string }[];
  readonly onChange: (value: Value) => void;
}

/** Radio buttons as rows. */
export function Choices<Value extends string | number>(props: ChoicesProps<Value>): ReactElement {
  const { name, value, choices, onChange } = props;
  const group = useId();
  return (
    <fieldset className="choices">
      <legend className="quiet">{name}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="radio"
            name={group}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span className="choice-text one-line">{choice.text}</span>
          <span className="quiet number">{choice.note}</span>
        </label>
      ))}
    </fieldset>
  );
}
