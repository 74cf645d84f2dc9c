import { setState, useExplorer } from "../state/store.ts";

/** Looks at a concept: its card opens and the map flies there. -1 is the pictures in none. */
export function focusConcept(id: number): void {
  const { listing, model } = useExplorer.getState();
  const isHidden = model?.concepts.find((concept) => concept.id === id)?.hidden ?? false;
  setState({
    focusedConcept: id,
    openRow: null,
    openList: [],
    panel: "concepts",
    // Else its card might be filtered out.
    listing: { ...listing, text: "", show: isHidden ? "hidden" : "shown" },
  });
}

export function toggleConcept(id: number): void {
  const { focusedConcept } = useExplorer.getState();
  setState({ focusedConcept: focusedConcept === id ? null : id });
}
