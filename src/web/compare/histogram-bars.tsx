import { type MemoExoticComponent, memo, type ReactElement } from "react";
import type { BarShares } from "./bar-shares.ts";

interface HistogramBarsProps {
  readonly shares: BarShares;
  /** Edges of the bins that are filtered for. */
  readonly bins: readonly [number, number] | null;
  readonly pointed: number | null;
  readonly isNarrowed: boolean;
}

const HEIGHT = 60;
/** What is there is seen. */
const LEAST = 1.5;
const GAP = 0.14;

/** The bars of all, pale, and before them those of what is looked at. */
function Bars(props: HistogramBarsProps): ReactElement {
  const { shares, bins, pointed, isNarrowed } = props;
  const isIn = (bin: number): boolean => bins === null || (bin >= bins[0] && bin < bins[1]);
  const bar = (bin: number, share: number, className: string): ReactElement | null => {
    if (share === 0) return null;
    const height = Math.max(LEAST, share * HEIGHT);
    return (
      <rect
        key={`${className}${bin}`}
        className={className}
        data-out={!isIn(bin) || undefined}
        data-pointed={bin === pointed || undefined}
        x={bin + GAP / 2}
        y={HEIGHT - height}
        width={1 - GAP}
        height={height}
      />
    );
  };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the ends of the brush tell it to those who do not see it
    <svg
      viewBox={`0 0 ${shares.all.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      data-narrowed={isNarrowed || undefined}
    >
      {Array.from(shares.all, (share, bin) => bar(bin, share, "bar-all"))}
      {Array.from(shares.shown, (share, bin) => bar(bin, share, "bar-shown"))}
    </svg>
  );
}

export const HistogramBars: MemoExoticComponent<typeof Bars> = memo(Bars);
