import { type ReactElement, useEffect, useRef, useState } from "react";
import { setState } from "../state/store.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { cellAt, type HeatmapLayout, layoutHeatmap } from "./heatmap-layout.ts";
import type { OrderedSimilarity } from "./ordered-similarity.ts";
import { paintHeatmap } from "./paint-heatmap.ts";

interface HeatmapCanvasProps {
  readonly ordered: OrderedSimilarity;
  readonly names: ReadonlyMap<number, string>;
  readonly hasNames?: boolean;
  readonly onChoose: (id: number) => void;
}

/** The square of similarities: pointing at a cell names its two concepts, a click goes to the first. */
export function HeatmapCanvas({
  ordered,
  names,
  hasNames = false,
  onChoose,
}: HeatmapCanvasProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const layout = useRef<HeatmapLayout>(undefined);
  const [cell, setCell] = useState<{ readonly row: number; readonly column: number } | null>(null);
  const theme = useShownTheme();
  const { ids, values } = ordered;
  const nameAt = (place: number): string => names.get(ids[place]!) ?? String(ids[place]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = (): void => {
      layout.current = layoutHeatmap(element.clientWidth, element.clientHeight, ids.length, hasNames);
      paintHeatmap(element, { ordered, layout: layout.current, nameAt, cell });
    };
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ordered, names, hasNames, cell, theme]);

  const point = (next: typeof cell): void => {
    if (next?.row === cell?.row && next?.column === cell?.column) return;
    setCell(next);
    setState({ hoveredConcept: next === null ? null : ids[next.row]! });
  };
  return (
    <figure className="heatmap-figure">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`How alike ${ids.length} concepts are, as a square of colours. The most alike are listed in the table.`}
        onPointerMove={({ nativeEvent: { offsetX, offsetY } }) =>
          point(layout.current === undefined ? null : cellAt(layout.current, offsetX, offsetY))
        }
        onPointerLeave={() => point(null)}
        onClick={() => {
          if (cell !== null) onChoose(ids[cell.row]!);
        }}
      />
      <figcaption className="number">
        {cell === null ? (
          <span className="quiet">Point at a cell to see which concepts it is of.</span>
        ) : (
          <>
            <span className="heatmap-pair">
              {nameAt(cell.row)} and {nameAt(cell.column)}
            </span>{" "}
            {values[cell.row * ids.length + cell.column]!.toFixed(2)}
          </>
        )}
      </figcaption>
    </figure>
  );
}
