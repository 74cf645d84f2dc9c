import type { GoldenCase } from "./golden-cases.ts";

/** The case with its clusters numbered as in `labels`: those that meet at a cluster's first point are held to be the same. */
export function renumbered(golden: GoldenCase, labels: Int32Array): GoldenCase {
  const count = golden.persistence.length;
  const numbers = Array.from({ length: count }, (_, cluster) => labels[golden.labels.indexOf(cluster)] ?? -1);
  const clusterAt = Array.from({ length: count }, (_, number) => numbers.indexOf(number));
  const rename = (label: number): number => (label === -1 ? -1 : numbers[label]!);
  const reorder = <T>(values: readonly T[]): T[] => clusterAt.map((cluster) => values[cluster]!);
  const { prediction, membership, heldoutMembership } = golden;
  return {
    ...golden,
    labels: golden.labels.map(rename),
    persistence: reorder(golden.persistence),
    exemplars: reorder(golden.exemplars),
    prediction: prediction && { ...prediction, labels: prediction.labels.map(rename) },
    membership: membership?.map(reorder),
    heldoutMembership: heldoutMembership?.map(reorder),
  };
}
