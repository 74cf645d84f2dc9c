import type { ReactElement } from "react";
import { countOf, countText } from "../ui/count-text.ts";
import { type Thinning, useMapStatus } from "./map-status.ts";

/** Says what the map does not show. */
export function MapNote(): ReactElement | null {
  const painter = useMapStatus((state) => state.painter);
  const thinning = useMapStatus((state) => state.thinning);
  const text =
    painter === "canvas"
      ? "This browser has no WebGL 2, so the map shows points only. Point at one to see its picture."
      : thinning === null
        ? null
        : thinningText(thinning);
  return (
    <p className="map-note" role="status">
      {text === null ? null : <span>{text}</span>}
    </p>
  );
}

export function thinningText({ shown, present, isClosest }: Thinning): string | null {
  const rest = present - shown;
  if (rest <= 0 || shown === 0) return null;
  if (isClosest)
    return `${countOf(rest, "picture")} here ${rest === 1 ? "lies" : "lie"} on or close to others.`;
  const every = present / shown;
  const share =
    every >= 1.75
      ? `1 in ${countText(Math.round(every))} pictures`
      : `${countText(shown)} of ${countText(present)} pictures`;
  return `Showing ${share} here. Come closer for more.`;
}
