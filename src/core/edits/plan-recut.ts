import { InputError } from "../errors.ts";
import type { ClusterCut } from "../stages.ts";
import { ownersOfCut, type PlannedCut } from "./cut-owners.ts";
import type { RecutOptions } from "./edit-request.ts";
import { definedCut, exactCut } from "./exact-cut.ts";
import type { Grouping } from "./grouping.ts";

/**
 * Works out a recut: the labels of the new cut, less the pictures that stay where they are, matched to the concepts there were.
 *
 * @throws InputError (`BAD_OPTION`) when there is no such cut, saying how many concepts there can be
 */
export function planCut(grouping: Grouping, options: RecutOptions): PlannedCut {
  const { clusterer } = grouping.base;
  if (clusterer.recut === undefined) {
    throw new InputError("The concepts cannot be recut", {
      expected: "a clusterer that keeps a hierarchy, as HDBSCAN does",
      found: clusterer.kind,
    });
  }
  const cut: ClusterCut = {
    minClusterSize: options.minConceptSize,
    clusterSelectionMethod: options.method,
    clusterSelectionEpsilon: options.epsilon,
  };
  if (options.concepts === undefined)
    return ownersOfCut(grouping, clusterer.recut(definedCut(cut)), definedCut(cut));
  if (options.epsilon !== undefined) {
    throw new InputError("A number of concepts and an epsilon exclude each other", {}, "BAD_OPTION");
  }
  return exactCut(grouping, cut, options.concepts);
}
