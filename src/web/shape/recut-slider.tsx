import { type ReactElement, useId } from "react";
import { SLIDER_STEPS, stepAtValue, valueAtStep } from "./recut-scale.ts";

interface RecutSliderProps {
  readonly name: string;
  readonly unit?: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** The other slider decides now, and this one's value is unknown. */
  readonly isIdle?: boolean;
  readonly onChange: (value: number) => void;
}

/** A slider and a field for the exact number. */
export function RecutSlider(props: RecutSliderProps): ReactElement {
  const { name, unit, value, least, most, isIdle = false, onChange } = props;
  const id = useId();
  const step = stepAtValue(value, least, most);
  const move = (next: number): void => {
    // Where steps are finer than whole numbers, one step of the keys is still one number.
    const reached = valueAtStep(next, least, most);
    const isHeld = reached === value && next !== step;
    onChange(isHeld ? Math.min(most, Math.max(least, value + Math.sign(next - step))) : reached);
  };
  return (
    <div className="recut-slider" data-idle={isIdle || undefined}>
      <label htmlFor={id}>{name}</label>
      <span className="recut-value">
        <input
          className="field number"
          type="number"
          aria-label={`${name}, as a number`}
          min={least}
          value={isIdle ? "" : value}
          placeholder={isIdle ? "any" : ""}
          onChange={({ target }) => {
            if (target.value !== "" && target.validity.valid) onChange(Number(target.value));
          }}
        />
        {unit === undefined ? null : <span className="quiet">{unit}</span>}
      </span>
      <input
        id={id}
        type="range"
        min={0}
        max={SLIDER_STEPS}
        value={step}
        aria-valuetext={`${value}${unit === undefined ? "" : ` ${unit}`}`}
        onChange={({ target }) => move(Number(target.value))}
      />
    </div>
  );
}
