import { type ExplorerState, setState, useExplorer } from "../state/store.ts";
import { remember, remembered } from "./remember.ts";

/** Keeps the document's theme and the browser's memory of it as the state says. */
export function followTheme(): void {
  const kept = remembered("theme");
  if (kept === "light" || kept === "dark") setState({ theme: kept });
  show(useExplorer.getState().theme);
  useExplorer.subscribe(({ theme }, before) => {
    if (theme === before.theme) return;
    show(theme);
    remember("theme", theme);
  });
}

function show(theme: ExplorerState["theme"]): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
