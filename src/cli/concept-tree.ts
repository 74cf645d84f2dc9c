import type { ConceptHierarchy, HierarchyNode } from "../core/hierarchy/concept-hierarchy.ts";
import type { HierarchyBasis } from "../core/hierarchy/concept-levels.ts";
import { type Arguments, EXIT } from "./command.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What `--by` says. */
export function basis(args: Arguments): HierarchyBasis | undefined {
  return args.choice("by", ["tree", "similarity"]);
}

/** The hierarchy as indented lines, or as JSON. @returns the exit code */
export function printTree(hierarchy: ConceptHierarchy, terminal: Terminal): number {
  if (terminal.json) {
    terminal.printJson({
      levels: hierarchy.levels,
      nodes: hierarchy.nodes.map((node) => ({ ...node, exemplars: Array.from(node.exemplars) })),
    });
    return EXIT.done;
  }
  const byId = new Map(hierarchy.nodes.map((node) => [node.id, node]));
  const lines = (node: HierarchyNode, depth: number): string[] => [
    line(node, depth, terminal),
    ...node.children.flatMap((id) => lines(byId.get(id)!, depth + 1)),
  ];
  const tops = hierarchy.nodes
    .filter(({ parent }) => parent === -1)
    .sort((a, b) => b.size - a.size || a.id - b.id);
  terminal.print(tops.flatMap((node) => lines(node, 0)).join("\n"));
  return EXIT.done;
}

function line({ id, level, name, size }: HierarchyNode, depth: number, terminal: Terminal): string {
  const text = `${"  ".repeat(depth)}${printable(name)} ${terminal.dim(`(${size})`)}`;
  return level === 0 ? `${text} ${terminal.dim(`#${id}`)}` : terminal.bold(text);
}
