import type { ApiConcept } from "../../core/explorer/api.ts";
import type { ConceptListing } from "../state/store.ts";
import { shownName } from "./shown-name.ts";

const NAMES = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

type Order = (a: ApiConcept, b: ApiConcept) => number;

const ORDERS: Readonly<Record<ConceptListing["sort"], Order>> = {
  size: (a, b) => b.size - a.size,
  name: (a, b) => NAMES.compare(shownName(a), shownName(b)),
  stability: (a, b) => (b.stability ?? -1) - (a.stability ?? -1),
  clearness: (a, b) => clearness(b) - clearness(a),
};

const SHOWN: Readonly<Record<ConceptListing["show"], (concept: ApiConcept) => boolean>> = {
  shown: ({ hidden }) => !hidden,
  unclear: ({ hidden, unclear }) => !hidden && unclear,
  hidden: ({ hidden }) => hidden,
};

/** The concepts that the list shows, in its order; equals go by size. Pinned ones are first. */
export function listConcepts(
  concepts: readonly ApiConcept[],
  { sort, show, text }: ConceptListing,
): ApiConcept[] {
  const wanted = folded(text.trim());
  return concepts
    .filter(SHOWN[show])
    .filter((concept) => wanted === "" || textsOf(concept).some((known) => folded(known).includes(wanted)))
    .sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || ORDERS[sort](a, b) || ORDERS.size(a, b) || a.id - b.id,
    );
}

/** How many concepts each choice of what to show has. */
export function countShown(concepts: readonly ApiConcept[]): Record<ConceptListing["show"], number> {
  const count = (show: ConceptListing["show"]): number => concepts.filter(SHOWN[show]).length;
  return { shown: count("shown"), unclear: count("unclear"), hidden: count("hidden") };
}

function clearness({ words }: ApiConcept): number {
  return words[0]?.auc ?? -1;
}

function textsOf(concept: ApiConcept): string[] {
  return [shownName(concept), ...concept.words.map(({ word }) => word)];
}

/** Without case and accents. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
