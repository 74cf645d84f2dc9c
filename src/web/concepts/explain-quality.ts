import { type StabilityBadge, stabilityBadge } from "../../core/compare/stability-badge.ts";
import { labelFault } from "../../core/concepts/names.ts";
import type { ApiConcept } from "../../core/explorer/api.ts";

export interface Quality {
  readonly badge: StabilityBadge | "unclear";
  /** What the badge means, in one sentence. */
  readonly reason: string;
}

const STABILITY_REASONS: Readonly<Record<StabilityBadge, string>> = {
  stable: "Other draws of the collection find these pictures together, too",
  doubtful: "Other draws of the collection find only some of these pictures together",
  unstable: "Other draws of the collection seldom find these pictures together",
};

/** Whether the group is found again in parts of the collection; null where that was not measured. */
export function stabilityOf({ stability }: ApiConcept): Quality | null {
  if (stability === null) return null;
  const badge = stabilityBadge(stability);
  return { badge, reason: `${STABILITY_REASONS[badge]} (stability ${stability.toFixed(2)}).` };
}

/** Whose name it is, where it was not taken from the words; null where it was. */
export function namerOf({ renamed, namedBy }: Pick<ApiConcept, "renamed" | "namedBy">): string | null {
  if (namedBy !== undefined) return `Named by the language model ${namedBy}`;
  return renamed ? "Named by hand" : null;
}

/** Why the words say too little; null where they do. */
export function unclearnessOf({ unclear, words }: ApiConcept): Quality | null {
  if (!unclear) return null;
  const reason = labelFault(words) ?? "There is no word that tells these pictures from the others";
  return { badge: "unclear", reason: `${reason}.` };
}
