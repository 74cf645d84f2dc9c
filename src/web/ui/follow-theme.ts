import { type ExplorerState, setState, useExplorer } from "../state/store.ts";

const KEY = "conceptmodel-theme";

/** Keeps the document's theme and the browser's memory of it as the state says. */
export function followTheme(): void {
  const kept = remembered();
  if (kept !== null) setState({ theme: kept });
  show(useExplorer.getState().theme);
  useExplorer.subscribe(({ theme }, before) => {
    if (theme !== before.theme) show(theme);
  });
}

function show(theme: ExplorerState["theme"]): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing shows the theme for this visit.
  }
}

function remembered(): ExplorerState["theme"] | null {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null;
  }
}
