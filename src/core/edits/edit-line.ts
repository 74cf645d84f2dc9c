import type { Edit } from "./edit.ts";

/** An edit in words, for a list or a menu; names in it are as people gave them. */
export function editText(edit: Edit): string {
  switch (edit.kind) {
    case "recut": {
      const { clusterCount, minClusterSize, clusterSelectionMethod, clusterSelectionEpsilon } = edit.cut;
      const options = [
        clusterCount === undefined ? "" : `to ${clusterCount} groups`,
        minClusterSize === undefined ? "" : `min size ${minClusterSize}`,
        clusterSelectionMethod === undefined ? "" : `by ${clusterSelectionMethod}`,
        clusterSelectionEpsilon === undefined ? "" : `epsilon ${clusterSelectionEpsilon}`,
        edit.outliers === undefined ? "" : `outliers by ${edit.outliers.strategy}`,
      ].filter((option) => option !== "");
      return `recut ${options.join(", ") || "as in the fit"}`;
    }
    case "merge":
      return `merge ${edit.concepts.join(", ")} as ${edit.result.concept} "${edit.result.name}"`;
    case "split": {
      const parts = edit.parts.map(({ draft }) => `${draft.concept} "${draft.name}"`).join(", ");
      return `split ${edit.rest.concept} "${edit.rest.name}": new ${parts}`;
    }
    case "rename":
      return `rename ${edit.concept} "${edit.name}"`;
    case "pin":
      return `${edit.pinned ? "pin" : "unpin"} ${edit.concept}`;
    case "hide":
      return `${edit.hidden ? "hide" : "show"} ${edit.concept}`;
    case "move": {
      const { to } = edit;
      const target =
        to === null ? "none" : typeof to === "number" ? String(to) : `the new ${to.concept} "${to.name}"`;
      return `move ${edit.pictures.length} ${edit.pictures.length === 1 ? "picture" : "pictures"} to ${target}`;
    }
    case "outliers":
      return `give ${edit.pictures.length} outliers to concepts by ${edit.strategy} from ${edit.threshold}`;
    case "carry":
      return `carry ids over from an earlier fit`;
  }
}
