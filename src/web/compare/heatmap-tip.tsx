import type { ReactElement } from "react";

interface HeatmapTipProps {
  /** Of the pointer, from the canvas's upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly first: string;
  readonly second: string;
  readonly similarity: number;
}

const GAP = 14;

/** Beside the pointer, on the side where there is room: which two concepts a cell is of. */
export function HeatmapTip({ x, y, first, second, similarity }: HeatmapTipProps): ReactElement {
  const across = `clamp(0px, ${x}px - 50%, 100cqw - 100%)`;
  const along = `clamp(0px, ${y}px - ${GAP}px - 100%, 100cqh - 100%)`;
  const below = `${y + GAP}px`;
  return (
    <p
      className="heatmap-tip number"
      aria-hidden="true"
      style={{ translate: `${across} ${y < 80 ? below : along}` }}
    >
      {first === second ? (
        <strong>{first}</strong>
      ) : (
        <>
          <strong>{first}</strong> and <strong>{second}</strong>
        </>
      )}{" "}
      <span className="quiet">{first === second ? "itself" : similarity.toFixed(2)}</span>
    </p>
  );
}
