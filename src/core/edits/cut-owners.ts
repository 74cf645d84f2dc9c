import type { ClusterCut, FittedClusterer } from "../stages.ts";
import type { NamelessDraft } from "./describe.ts";
import type { Grouping } from "./grouping.ts";
import { matchGroups } from "./match-concepts.ts";

/** A cut and where its labels go. */
export interface PlannedCut {
  readonly cut: ClusterCut;
  readonly owners: readonly number[];
  readonly drafts: readonly NamelessDraft[];
}

/** From this overlap on a concept is what it was, so that it keeps a name made of words, too. */
const SAME_CONCEPT = 0.5;

/** Which label goes to which concept: to a pinned one that has most of it, else to one that keeps its id, else to a new one. */
export function ownersOfCut(grouping: Grouping, clusterer: FittedClusterer, cut: ClusterCut): PlannedCut {
  const { concepts, byHand, entries } = grouping;
  const pinned = pinnedIds(grouping);
  const owners = pinnedOwners(concepts, clusterer, pinned);
  const free = clusterer.labels.map((label, row) => {
    const stays = label === -1 || byHand[row] === 1 || pinned.has(concepts[row]!);
    return stays || owners[label] !== -1 ? -1 : label;
  });
  const unpinned = concepts.map((id) => (pinned.has(id) ? -1 : id));
  const matches = new Map(matchGroups(unpinned, free).map((match) => [match.after, match]));
  const filled = new Set(free);
  const drafts: NamelessDraft[] = [];
  let fresh = grouping.nextId;
  for (let label = 0; label < clusterer.clusterCount; label++) {
    if (!filled.has(label)) continue;
    const match = matches.get(label);
    const concept = match?.before ?? fresh++;
    owners[label] = concept;
    const before = entries.get(concept);
    const keeps = before !== undefined && (before.renamed || match!.jaccard >= SAME_CONCEPT);
    drafts.push({ concept, keptName: keeps ? before.name : null, renamed: keeps && before.renamed });
  }
  return { cut, owners, drafts };
}

export function pinnedIds({ entries }: Grouping): ReadonlySet<number> {
  return new Set([...entries].filter(([, { pinned }]) => pinned).map(([id]) => id));
}

/** For each label the pinned concept that most of its pictures are in, else -1. */
function pinnedOwners(
  concepts: Int32Array,
  { labels, clusterCount }: FittedClusterer,
  pinned: ReadonlySet<number>,
): number[] {
  const sizes = new Int32Array(clusterCount);
  const counts = Array.from({ length: clusterCount }, () => new Map<number, number>());
  labels.forEach((label, row) => {
    if (label === -1) return;
    sizes[label]!++;
    const concept = concepts[row]!;
    if (pinned.has(concept)) counts[label]!.set(concept, (counts[label]!.get(concept) ?? 0) + 1);
  });
  return counts.map((map, label) => {
    const majority = [...map].find(([, count]) => 2 * count > sizes[label]!);
    return majority?.[0] ?? -1;
  });
}
