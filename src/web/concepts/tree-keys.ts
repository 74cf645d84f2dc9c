import { parentKey, type TreeRow } from "./tree-rows.ts";

export type TreeMove = "next" | "previous" | "first" | "last" | "parent" | "child";

const MOVES: Readonly<Record<string, TreeMove>> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  Home: "first",
  End: "last",
};

/** What a key does in a tree (ARIA Authoring Practices, "Tree View"); null for nothing. */
export function pressKey(
  key: string,
  { node }: TreeRow,
  isOpen: boolean,
): TreeMove | "toggle" | "choose" | null {
  const isGroup = node.concept === null;
  if (key === "Enter" || key === " ") return isGroup ? "toggle" : "choose";
  if (key === "ArrowRight") return isGroup ? (isOpen ? "child" : "toggle") : null;
  if (key === "ArrowLeft") return isGroup && isOpen ? "toggle" : "parent";
  return MOVES[key] ?? null;
}

/** The line that a move leads to; the same one where there is none. */
export function nextKey(rows: readonly TreeRow[], key: string, move: TreeMove): string {
  const place = rows.findIndex((row) => row.key === key);
  if (move === "parent") return parentKey(key) || key;
  const places = { next: place + 1, child: place + 1, previous: place - 1, first: 0, last: rows.length - 1 };
  return rows[places[move]]?.key ?? key;
}
