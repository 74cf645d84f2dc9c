import type { ApiTreeNode } from "../../core/explorer/api.ts";
import type { ConceptHierarchy } from "../../core/hierarchy/concept-hierarchy.ts";

/** The topmost nodes of a hierarchy with all that is below them, largest first. */
export function treeNodes({ nodes }: ConceptHierarchy): ApiTreeNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = (id: number): ApiTreeNode => {
    const { name, size, level, children } = byId.get(id)!;
    return { concept: level === 0 ? id : null, name, size, children: children.map(below) };
  };
  return nodes
    .filter(({ parent }) => parent === -1)
    .sort((a, b) => b.size - a.size || a.id - b.id)
    .map(({ id }) => below(id));
}
