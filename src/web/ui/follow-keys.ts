import { clearSearch } from "../search/edit-search.ts";
import { setState, useExplorer } from "../state/store.ts";

/** Keys of the whole page: "/" goes to the search box, Escape leaves what was entered last. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    // Whoever was asked first has done something with it; dialogs have an Escape of their own.
    if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      document.getElementById("search")?.focus();
    } else if (event.key === "Escape") leave();
  });
}

function leave(): void {
  const { search, selection, focusedConcept } = useExplorer.getState();
  if (search.status !== "idle") clearSearch();
  else if (selection !== null) setState({ selection: null });
  else if (focusedConcept !== null) setState({ focusedConcept: null });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
