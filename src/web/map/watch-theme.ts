import { useExplorer } from "../state/store.ts";
import type { Theme } from "./palette.ts";

const DARK = "(prefers-color-scheme: dark)";

/** The theme that is seen: the chosen one, or the system's. */
export function shownTheme(): Theme {
  const { theme } = useExplorer.getState();
  return theme === "system" ? (matchMedia(DARK).matches ? "dark" : "light") : theme;
}

/** Calls back when the system changes its mind. */
export function watchSystemTheme(onChange: () => void, signal: AbortSignal): void {
  matchMedia(DARK).addEventListener("change", onChange, { signal });
}

/** Whether people have asked for less motion. */
export const isCalm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
