import type { Edit } from "./edit.ts";

/** What concepts are called, by id; undefined for one that is not known. */
export type ConceptNames = (id: number) => string | undefined;

const NO_NAMES: ConceptNames = () => undefined;

/** Longer names are cut: a title stands on a button. */
const LONGEST = 40;

/**
 * What an edit is called behind "Undo" and "Redo": `merge of beach and sea`, `renaming to "harbour"`. Begins in lower case.
 *
 * @param nameOf the concepts as they were called before the edit; without, concepts are counted and not named
 */
export function editTitle(edit: Edit, nameOf: ConceptNames = NO_NAMES): string {
  const of = (id: number): string => prefixed(" of ", nameOf(id));
  switch (edit.kind) {
    case "recut":
      return recutTitle(edit.cut);
    case "merge":
      return mergeTitle(edit.concepts, nameOf);
    case "split":
      return `split${of(edit.rest.concept)} into ${counted(edit.parts.length + 1, "concept")}`;
    case "rename":
      return `renaming${of(edit.concept)} to "${edit.name}"`;
    case "pin":
      return `${edit.pinned ? "pinning" : "unpinning"}${of(edit.concept)}`;
    case "hide":
      return edit.hidden
        ? `hiding${of(edit.concept)}`
        : `showing${prefixed(" ", nameOf(edit.concept))} again`;
    case "move":
      return moveTitle(edit, nameOf);
    case "outliers":
      return `placing of ${counted(edit.pictures.length, "picture")} that had no concept`;
    case "carry":
      return "names and ids of an earlier fit";
  }
}

function mergeTitle(concepts: readonly number[], nameOf: ConceptNames): string {
  const [first, second] = concepts.map((id) => prefixed("", nameOf(id)));
  if (concepts.length !== 2 || !first || !second) return `merge of ${counted(concepts.length, "concept")}`;
  return `merge of ${first} and ${second}`;
}

/** Nothing where there is no name. */
function prefixed(prefix: string, name: string | undefined): string {
  if (name === undefined) return "";
  const characters = [...name];
  return prefix + (characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : name);
}

function recutTitle({ clusterCount, minClusterSize }: Extract<Edit, { kind: "recut" }>["cut"]): string {
  if (clusterCount !== undefined) return `recut into ${counted(clusterCount, "group")}`;
  return minClusterSize === undefined
    ? "recut"
    : `recut into groups of at least ${counted(minClusterSize, "picture")}`;
}

function moveTitle({ pictures, to }: Extract<Edit, { kind: "move" }>, nameOf: ConceptNames): string {
  const what = `move of ${counted(pictures.length, "picture")}`;
  if (to === null) return `${what} out of concepts`;
  return typeof to === "number" ? `${what}${prefixed(" to ", nameOf(to))}` : `${what} to a new concept`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
