import { useSyncExternalStore } from "react";
import { useExplorer } from "../state/store.ts";

const DARK = "(prefers-color-scheme: dark)";

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}

/** The theme that is seen: the chosen one, or the system's. */
export function useShownTheme(): "light" | "dark" {
  const theme = useExplorer((state) => state.theme);
  const isDark = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  if (theme !== "system") return theme;
  return isDark ? "dark" : "light";
}
