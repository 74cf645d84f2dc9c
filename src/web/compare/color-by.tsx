import { type ReactElement, useId } from "react";
import { loadColumn } from "../state/columns.ts";
import { type ColorBy as Coloring, setState, useExplorer } from "../state/store.ts";
import type { ChartField } from "./chart-fields.ts";

/** Chooses what the colours of the map tell. */
export function ColorBy({ charts }: { readonly charts: readonly ChartField[] }): ReactElement {
  const id = useId();
  const colorBy = useExplorer((state) => state.colorBy);
  const value = colorBy.kind === "column" ? String(colorBy.index) : colorBy.kind;
  const choose = (choice: string): void => {
    if (choice === "concept" || choice === "probability") {
      setState({ colorBy: { kind: choice } });
      return;
    }
    const coloring: Coloring = { kind: "column", index: Number(choice) };
    void loadColumn(coloring.index);
    setState({ colorBy: coloring });
  };
  return (
    <div className="color-by">
      <label htmlFor={id}>Colour by</label>
      <select id={id} className="field" value={value} onChange={({ target }) => choose(target.value)}>
        <option value="concept">Concept</option>
        <option value="probability">Probability</option>
        {charts
          .filter(({ field }) => field >= 0)
          .map(({ field, name }) => (
            <option key={field} value={field}>
              {name}
            </option>
          ))}
      </select>
    </div>
  );
}
