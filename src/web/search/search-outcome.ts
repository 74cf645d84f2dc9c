import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { countOf } from "../ui/count-text.ts";
import { MOST_RESULTS } from "./follow-search.ts";

/** Pictures that are shown, though they do not match, so that one sees what was nearest. */
const MOST_NEAREST = 12;

export interface SearchOutcome {
  /** In one line, for the eye and for screen readers. */
  readonly headline: string;
  /** More about it; null where there is nothing to say. */
  readonly note: string | null;
  readonly concepts: ApiSearchAnswer["concepts"];
  readonly images: ApiSearchAnswer["images"];
}

/** What an answer means: the matches, or the nearest where there are none. */
export function searchOutcome(answer: ApiSearchAnswer): SearchOutcome {
  const unknown = answer.unknown.map((text) => `“${text}”`).join(", ");
  const note = unknown === "" ? null : `The model does not know ${unknown}.`;
  if (!answer.matches) {
    const nearest =
      answer.nothing === "below the floor" ? "Shown are the nearest, though they are unlike it." : null;
    return {
      headline: "Nothing matches",
      note: [note, nearest].filter((text) => text !== null).join(" ") || null,
      concepts: [],
      images: answer.nothing === "unknown words" ? [] : answer.images.slice(0, MOST_NEAREST),
    };
  }
  const concepts = answer.concepts.filter(({ matches }) => matches);
  const images = answer.images.filter(({ matches }) => matches);
  return { headline: headlineOf(concepts.length, images.length), note, concepts, images };
}

function headlineOf(concepts: number, images: number): string {
  const pictures =
    images < MOST_RESULTS
      ? countOf(images, "picture")
      : `${concepts === 0 ? "The" : "the"} best ${countOf(images, "picture")}`;
  return concepts === 0 ? pictures : `${countOf(concepts, "concept")}, ${pictures}`;
}
