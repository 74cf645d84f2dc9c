import type { ReactElement } from "react";
import type { ApiModel } from "../../core/explorer/api.ts";
import { countOf, percentText } from "./count-text.ts";

/** The model's name and what is in it, in one sentence. */
export function ModelSummary({ model }: { readonly model: ApiModel | null }): ReactElement {
  if (model === null) {
    return (
      <div className="model-summary">
        <span className="skeleton model-summary-name" />
        <span className="skeleton model-summary-text" />
      </div>
    );
  }
  const shown = model.concepts.filter(({ hidden }) => !hidden).length;
  const none = model.images === 0 ? 0 : model.outliers / model.images;
  return (
    <div className="model-summary">
      <h1 title={model.name}>{model.name}</h1>
      <p className="quiet number">
        {countOf(model.images, "picture")}
        {shown === 0 ? ", none in a concept" : ` in ${countOf(shown, "concept")}`}
        {shown > 0 && none > 0 ? (
          <span className="model-summary-none">, {percentText(none)} in none</span>
        ) : null}
      </p>
    </div>
  );
}
