import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";

export function ConceptPanel(): ReactElement {
  const concepts = useExplorer((state) => state.model?.concepts) ?? [];
  return (
    <aside className="concept-panel" aria-label="Concepts">
      <ul>
        {concepts.map(({ id, name, size }) => (
          <li key={id}>
            {name} {size}
          </li>
        ))}
      </ul>
    </aside>
  );
}
