import { type KeyboardEvent, type ReactElement, useMemo, useRef, useState } from "react";
import type { ApiTreeNode } from "../../core/explorer/api.ts";
import { useExplorer } from "../state/store.ts";
import { ConceptTreeItem } from "./concept-tree-item.tsx";
import { focusConcept } from "./focus-concept.ts";
import { nextKey, pressKey } from "./tree-keys.ts";
import { treeRows } from "./tree-rows.ts";

/** A tree as ARIA describes it: one stop of the tab key, arrows inside. */
export function ConceptTree({ roots }: { readonly roots: readonly ApiTreeNode[] }): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(roots.map((_, i) => `${i}`)));
  const [active, setActive] = useState("0");
  const known = useExplorer((state) => state.model?.concepts);
  const concepts = useMemo(() => new Map(known?.map((concept) => [concept.id, concept])), [known]);
  const rows = treeRows(roots, open);
  const toggle = (key: string): void => {
    const changed = new Set(open);
    if (!changed.delete(key)) changed.add(key);
    setOpen(changed);
  };
  const stop = rows.some(({ key }) => key === active) ? active : "0";
  const move = (event: KeyboardEvent): void => {
    const row = rows.find(({ key }) => key === stop);
    if (row === undefined) return;
    const action = pressKey(event.key, row, open.has(row.key));
    if (action === null) return;
    event.preventDefault();
    if (action === "toggle") toggle(row.key);
    else if (action === "choose") focusConcept(row.node.concept!);
    else {
      const next = nextKey(rows, stop, action);
      setActive(next);
      list.current?.querySelector<HTMLElement>(`[data-key="${next}"]`)?.focus();
    }
  };
  return (
    <div ref={list} className="concept-tree" role="tree" aria-label="Groups of concepts" onKeyDown={move}>
      {rows.map((row) => (
        <ConceptTreeItem
          key={row.key}
          concepts={concepts}
          row={row}
          isOpen={open.has(row.key)}
          isTabStop={row.key === stop}
          onActive={setActive}
          onToggle={toggle}
        />
      ))}
    </div>
  );
}
