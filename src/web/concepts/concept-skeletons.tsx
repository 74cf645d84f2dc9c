import type { ReactElement } from "react";

const CARDS = 8;

/** Where the cards will be. */
export function ConceptSkeletons(): ReactElement {
  return (
    <div className="concept-skeletons" aria-hidden="true">
      {Array.from({ length: CARDS }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={i} className="concept-skeleton">
          <span className="skeleton" />
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}
