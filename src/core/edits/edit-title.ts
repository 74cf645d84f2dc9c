import type { Edit } from "./edit.ts";

/**
 * What an edit is called behind "Undo" and "Redo": `merge of 3 concepts`, `renaming to "harbour"`. Begins in lower case, and says
 * nothing that only the model knows.
 */
export function editTitle(edit: Edit): string {
  switch (edit.kind) {
    case "recut":
      return recutTitle(edit.cut);
    case "merge":
      return `merge of ${counted(edit.concepts.length, "concept")}`;
    case "split":
      return `split into ${counted(edit.parts.length + 1, "concept")}`;
    case "rename":
      return `renaming to "${edit.name}"`;
    case "pin":
      return edit.pinned ? "pinning" : "unpinning";
    case "hide":
      return edit.hidden ? "hiding" : "showing again";
    case "move":
      return moveTitle(edit);
    case "outliers":
      return `placing of ${counted(edit.pictures.length, "picture")} that had no concept`;
    case "carry":
      return "names and ids of an earlier fit";
  }
}

function recutTitle({ clusterCount, minClusterSize }: Extract<Edit, { kind: "recut" }>["cut"]): string {
  if (clusterCount !== undefined) return `recut into ${counted(clusterCount, "group")}`;
  return minClusterSize === undefined
    ? "recut"
    : `recut into groups of at least ${counted(minClusterSize, "picture")}`;
}

function moveTitle({ pictures, to }: Extract<Edit, { kind: "move" }>): string {
  const what = `move of ${counted(pictures.length, "picture")}`;
  if (to === null) return `${what} out of concepts`;
  return typeof to === "number" ? what : `${what} to a new concept`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
