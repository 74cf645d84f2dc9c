import type { ApiConcept, ApiTreeNode } from "../../core/explorer/api.ts";

/** A line of the tree as it is shown. */
export interface TreeRow {
  readonly node: ApiTreeNode;
  /** Its place among children, from the root: "2.0.1". */
  readonly key: string;
  /** 1 for the topmost. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

/** The lines that are seen when the groups of these keys are open. */
export function treeRows(roots: readonly ApiTreeNode[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (nodes: readonly ApiTreeNode[], above: string, level: number): void => {
    nodes.forEach((node, i) => {
      const key = above === "" ? `${i}` : `${above}.${i}`;
      rows.push({ node, key, level, position: i + 1, siblings: nodes.length });
      if (open.has(key)) add(node.children, key, level + 1);
    });
  };
  add(roots, "", 1);
  return rows;
}

/** The concepts of a group, however deep. */
export function conceptsBelow({ concept, children }: ApiTreeNode): number[] {
  return concept === null ? children.flatMap(conceptsBelow) : [concept];
}

/** A few pictures of a concept, or one of each of the largest concepts of a group. */
export function treePictures(
  node: ApiTreeNode,
  concepts: ReadonlyMap<number, ApiConcept>,
  count: number,
): readonly number[] {
  const below = conceptsBelow(node).flatMap((id) => concepts.get(id) ?? []);
  if (node.concept !== null) return below[0]?.exemplars.slice(0, count) ?? [];
  const largest = below.sort((a, b) => b.size - a.size).slice(0, count);
  return largest.flatMap(({ exemplars }) => exemplars.slice(0, 1));
}

export const parentKey = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf(".")));
