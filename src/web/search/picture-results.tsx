import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { PictureTile } from "../picture/picture-tile.tsx";

const COLUMNS = 4;
const GAP = 6;

interface PictureResultsProps {
  readonly images: ApiSearchAnswer["images"];
  /** They are only the nearest. */
  readonly isUnlike: boolean;
  /** What scrolls above the pictures. */
  readonly children: ReactNode;
}

/** The pictures that a search found; only those in view are there. */
export function PictureResults({ images, isUnlike, children }: PictureResultsProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const above = useRef<HTMLDivElement>(null);
  const [{ side, margin }, setMeasures] = useState({ side: 84, margin: 0 });
  const rows = images.map(({ row }) => row);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const width = scroller.current!.querySelector(".picture-grid")!.clientWidth;
      setMeasures({ side: (width - (COLUMNS - 1) * GAP) / COLUMNS, margin: above.current!.offsetHeight });
    });
    observer.observe(scroller.current!);
    observer.observe(above.current!);
    return () => observer.disconnect();
  }, []);
  const lines = useVirtualizer({
    count: Math.ceil(rows.length / COLUMNS),
    getScrollElement: () => scroller.current,
    estimateSize: () => side + GAP,
    scrollMargin: margin,
    overscan: 4,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines of another height are measured anew
  useLayoutEffect(() => lines.measure(), [lines, side]);
  return (
    <div ref={scroller} className="results-body">
      <div ref={above}>{children}</div>
      <div
        className="picture-grid"
        data-unlike={isUnlike || undefined}
        style={{ height: lines.getTotalSize() }}
      >
        {lines.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            className="picture-grid-line"
            style={{ transform: `translateY(${start - margin}px)`, height: side }}
          >
            {rows.slice(index * COLUMNS, (index + 1) * COLUMNS).map((row, i) => (
              <PictureTile key={row} row={row} place={index * COLUMNS + i} list={rows} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
