import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef } from "react";

type Edges = readonly [number, number];

interface BrushProps {
  readonly name: string;
  readonly binCount: number;
  /** Edges of what is brushed. */
  readonly bins: Edges | null;
  readonly textOf: (edge: number) => string;
  readonly onPoint: (bin: number | null) => void;
  readonly onBrush: (bins: Edges | null) => void;
}

/** Dragging brushes bins, dragging an end moves it, a click lets go; the ends are sliders for the keys. */
export function Brush({ name, binCount, bins, textOf, onPoint, onBrush }: BrushProps): ReactElement {
  const anchor = useRef<number | null>(null);
  const moved = useRef(false);
  const placeOf = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.min(binCount, Math.max(0, ((clientX - left) / width) * binCount));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = placeOf(event);
    const reach = binCount * 0.025;
    const grabbed = bins?.findIndex((edge) => Math.abs(edge - place) < reach) ?? -1;
    // An end that is taken hold of turns about the other one.
    anchor.current = bins !== null && grabbed !== -1 ? bins[1 - grabbed]! : place;
    moved.current = false;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const place = placeOf(event);
    onPoint(Math.min(binCount - 1, Math.floor(place)));
    if (anchor.current === null) return;
    moved.current ||= Math.abs(place - anchor.current) * event.currentTarget.clientWidth > 4 * binCount;
    if (!moved.current) return;
    const from = Math.floor(Math.min(anchor.current, place));
    const to = Math.ceil(Math.max(anchor.current, place));
    if (from < to && (bins === null || bins[0] !== from || bins[1] !== to)) onBrush([from, to]);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>): void => {
    const bin = Math.min(binCount - 1, Math.floor(placeOf(event)));
    if (anchor.current !== null && !moved.current) {
      const isWithin = bins !== null && bin >= bins[0] && bin < bins[1];
      onBrush(isWithin ? null : [bin, bin + 1]);
    }
    anchor.current = null;
  };
  const [from, to] = bins ?? [0, binCount];
  return (
    <div
      className="brush"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        anchor.current = null;
      }}
      onPointerLeave={() => onPoint(null)}
    >
      {bins === null ? null : (
        <div
          className="brush-range"
          style={{ left: `${(100 * from) / binCount}%`, right: `${100 - (100 * to) / binCount}%` }}
        />
      )}
      {([0, 1] as const).map((end) => (
        <div
          key={end}
          role="slider"
          tabIndex={0}
          className="brush-end"
          data-on={bins !== null || undefined}
          style={{ left: `${(100 * (end === 0 ? from : to)) / binCount}%` }}
          aria-label={`${name}, ${end === 0 ? "from" : "to"}`}
          aria-valuemin={end === 0 ? 0 : from + 1}
          aria-valuemax={end === 0 ? to - 1 : binCount}
          aria-valuenow={end === 0 ? from : to}
          aria-valuetext={textOf(end === 0 ? from : to)}
          onKeyDown={(event) => moveEnd(event, end, [from, to], binCount, onBrush)}
        />
      ))}
    </div>
  );
}

function moveEnd(
  event: KeyboardEvent,
  end: 0 | 1,
  [from, to]: Edges,
  binCount: number,
  onBrush: BrushProps["onBrush"],
): void {
  if (event.key === "Delete" || event.key === "Backspace") {
    onBrush(null);
    return;
  }
  const step = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -5,
    PageUp: 5,
    Home: -binCount,
    End: binCount,
  }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next: Edges =
    end === 0
      ? [Math.min(to - 1, Math.max(0, from + step)), to]
      : [from, Math.max(from + 1, Math.min(binCount, to + step))];
  onBrush(next[0] === 0 && next[1] === binCount ? null : next);
}
