import type { StageState, StateArray } from "../../core/stages.ts";
import type { treeColumns } from "./model-layout.ts";
import type { TableValues } from "./table.ts";

/** The condensed tree, in the columns of HDBSCAN's `condensed_tree_`: parent, child, lambda (1 / distance), size. */
export type TreeTable = TableValues<typeof treeColumns>;

/** Which array of a clusterer's state is which column. */
export const treeArrayNames: { readonly [column in keyof TreeTable]: string } = {
  parent: "treeParent",
  child: "treeChild",
  lambda: "treeLambda",
  size: "treeSize",
};

/**
 * Takes the condensed tree out of a clusterer's arrays: `tree.parquet` is the only place it is stored. A clusterer
 * without such arrays, in these types and of one length, has no tree, and all its arrays become `.npy` files.
 */
export function splitTree(arrays: StageState["arrays"]): {
  tree: TreeTable | null;
  others: StageState["arrays"];
} {
  const { parent: p, child: c, lambda: l, size: s } = treeArrayNames;
  const [parent, child, lambda, size] = [arrays[p], arrays[c], arrays[l], arrays[s]];
  const integers = [parent, child, size].every(
    (array) => array instanceof Int32Array && array.length === lambda?.length,
  );
  if (!integers || !(lambda instanceof Float64Array)) return { tree: null, others: arrays };
  const inTree = Object.values(treeArrayNames);
  const others = Object.entries(arrays).filter(([name]) => !inTree.includes(name));
  return { tree: { parent, child, lambda, size } as TreeTable, others: Object.fromEntries(others) };
}

/** The inverse of `splitTree`: the arrays under the names of the state. */
export function treeArrays(tree: TreeTable): { readonly [name: string]: StateArray } {
  const { parent: p, child: c, lambda: l, size: s } = treeArrayNames;
  return { [p]: tree.parent, [c]: tree.child, [l]: tree.lambda, [s]: tree.size };
}
