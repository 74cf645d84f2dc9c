import type { ReactElement } from "react";

const TILES = 20;

/** Where the pictures will be, while the first answer is waited for. */
export function ResultSkeletons(): ReactElement {
  return (
    <div className="result-skeletons" aria-hidden="true">
      {Array.from({ length: TILES }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <span key={i} className="skeleton" />
      ))}
    </div>
  );
}
