import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { PictureTile } from "../picture/picture-tile.tsx";

/** Pixels of a picture's side, at least; there are three in a line however narrow it is. */
const SIDE = 78;
const FEWEST = 3;
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
  const [{ columns, side, margin }, setMeasures] = useState({ columns: 4, side: SIDE, margin: 0 });
  const rows = images.map(({ row }) => row);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const width = scroller.current!.querySelector(".picture-grid")!.clientWidth;
      const columns = Math.max(FEWEST, Math.floor((width + GAP) / (SIDE + GAP)));
      const side = (width - (columns - 1) * GAP) / columns;
      setMeasures({ columns, side, margin: above.current!.offsetHeight });
    });
    observer.observe(scroller.current!);
    observer.observe(above.current!);
    return () => observer.disconnect();
  }, []);
  const lines = useVirtualizer({
    count: Math.ceil(rows.length / columns),
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
            style={{
              transform: `translateY(${start - margin}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              height: side,
            }}
          >
            {rows.slice(index * columns, (index + 1) * columns).map((row, i) => (
              <PictureTile key={row} row={row} place={index * columns + i} list={rows} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
