import type { ApiConcept, ApiModel } from "../../core/explorer/api.ts";
import type { Points } from "../state/points.ts";
import { rowsOfConcept } from "./rows-of-concept.ts";
import { shownName } from "./shown-name.ts";

/** Pictures of a closed card. */
const COLLAGE = 5;
/** Words of a closed card. */
const WORDS = 5;

export interface CardContent {
  readonly name: string;
  readonly size: number;
  readonly collage: readonly number[];
  readonly words: string;
  /** null for the pictures in none. */
  readonly concept: ApiConcept | null;
}

/** What a card shows; null for a concept that has gone. */
export function cardContent(
  { concepts, outliers }: ApiModel,
  points: Points,
  id: number,
): CardContent | null {
  if (id === -1) {
    return {
      name: "In no concept",
      size: outliers,
      collage: spread(rowsOfConcept(points, -1)),
      words: "Like no group that is large enough",
      concept: null,
    };
  }
  const concept = concepts.find((known) => known.id === id);
  if (concept === undefined) return null;
  const name = shownName(concept);
  const isSaid = new Set(name.split(", "));
  const words = concept.words.map(({ word }) => word).filter((word) => !isSaid.has(word));
  return {
    name,
    size: concept.size,
    collage: concept.exemplars.slice(0, COLLAGE),
    words: words.slice(0, WORDS).join(" · "),
    concept,
  };
}

/** A few from the whole list, as far from each other as can be. */
function spread(rows: readonly number[]): number[] {
  const count = Math.min(COLLAGE, rows.length);
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}
