import { countOf, countText } from "../ui/count-text.ts";
import type { Thinning } from "./map-status.ts";

/** Says how many pictures are not drawn as such; null when all are. */
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
