import { type ReactElement, useEffect, useRef, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { nameOrId } from "../concepts/shown-name.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { cellAt, type HeatmapLayout, layoutHeatmap } from "./heatmap-layout.ts";
import { HeatmapTip } from "./heatmap-tip.tsx";
import type { OrderedSimilarity } from "./ordered-similarity.ts";
import { heatmapPainter } from "./paint-heatmap.ts";

export interface HeatmapCanvasProps {
  readonly ordered: OrderedSimilarity;
  readonly concepts: ReadonlyMap<number, ApiConcept>;
  /** Beside the square, where the canvas is wider than high. */
  readonly hasNames?: boolean;
  readonly onPoint?: (id: number | null) => void;
  readonly onChoose: (id: number) => void;
}

interface PointedCell {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** The square of similarities: pointing at a cell names its two concepts, a click goes to the first. */
export function HeatmapCanvas(props: HeatmapCanvasProps): ReactElement {
  const { ordered, concepts, hasNames = false, onPoint, onChoose } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const layout = useRef<HeatmapLayout>(undefined);
  const [paintHeatmap] = useState(heatmapPainter);
  const [cell, setCell] = useState<PointedCell | null>(null);
  const theme = useShownTheme();
  const { ids, values } = ordered;
  const nameAt = (place: number): string => nameOrId(concepts, ids[place]!);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      layout.current = layoutHeatmap(width, height, ids.length, hasNames ? Math.max(0, width - height) : 0);
      const sizeAt = (place: number): number => concepts.get(ids[place]!)?.size ?? 0;
      paintHeatmap(element, { ordered, layout: layout.current, nameAt, sizeAt, cell });
    };
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ordered, concepts, hasNames, cell, theme]);

  const point = (x: number, y: number): void => {
    const met = layout.current === undefined ? null : cellAt(layout.current, x, y);
    if (met?.row === cell?.row && met?.column === cell?.column) return;
    setCell(met === null ? null : { ...met, x, y });
    onPoint?.(met === null ? null : ids[met.row]!);
  };
  return (
    <div className="heatmap-figure">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`How alike ${ids.length} concepts are, as a square of colours. The most alike are listed in the table.`}
        onPointerMove={({ nativeEvent: { offsetX, offsetY } }) => point(offsetX, offsetY)}
        onPointerLeave={() => point(-1, -1)}
        onClick={() => {
          if (cell !== null) onChoose(ids[cell.row]!);
        }}
      />
      {cell === null ? null : (
        <HeatmapTip
          x={cell.x}
          y={cell.y}
          first={nameAt(cell.row)}
          second={nameAt(cell.column)}
          similarity={values[cell.row * ids.length + cell.column]!}
        />
      )}
    </div>
  );
}
