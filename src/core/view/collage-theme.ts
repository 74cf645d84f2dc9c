export type CollageTheme = "light" | "dark";

/** What is painted in a colour of the theme; also the name of the class in the SVG, with `cm-` before it. */
export type ColorRole =
  | "page"
  | "card"
  | "border"
  | "text"
  | "muted"
  | "track"
  | "accent"
  | "missing"
  | "dark-ink"
  | "light-ink";

/**
 * Colours as #rrggbb. `text`, `muted` and `accent` reach a contrast of 4.5 : 1 on `card` and on `page` (WCAG 2.2, 1.4.3).
 * `dark-ink` and `light-ink` lie behind transparent pictures that are nearly all dark or all light: the card's
 * own colour where they can be seen on it, a plate where they could not.
 */
export const collageColors: Readonly<Record<CollageTheme, Readonly<Record<ColorRole, string>>>> = {
  light: {
    page: "#f4f4f1",
    card: "#ffffff",
    border: "#e3e3de",
    text: "#17181b",
    muted: "#5f636b",
    track: "#ebebe7",
    accent: "#4f46e5",
    missing: "#f1f1ed",
    "dark-ink": "#ffffff",
    "light-ink": "#a9aeb8",
  },
  dark: {
    page: "#0e0f12",
    card: "#191b20",
    border: "#2b2e35",
    text: "#f3f3f5",
    muted: "#a2a6b0",
    track: "#2b2e35",
    accent: "#a5a1ff",
    missing: "#22252b",
    "dark-ink": "#868c98",
    "light-ink": "#191b20",
  },
};
