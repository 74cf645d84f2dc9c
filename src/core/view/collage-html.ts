import { type CollageTheme, type ColorRole, collageColors } from "./collage-theme.ts";

/**
 * A collage's SVG in a page of its own: self-contained, no script, no link. The page forbids itself everything
 * but inline styles and data URIs.
 *
 * @param svg from `collageSvg`
 * @param theme `"auto"` follows the reader's light or dark setting
 * @param title plain text of the tab
 */
export function collageHtml(svg: string, theme: CollageTheme | "auto", title: string): string {
  const light = themeCss(theme === "dark" ? "dark" : "light");
  const dark = theme === "auto" ? `@media(prefers-color-scheme:dark){${themeCss("dark")}}` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>
<style>body{margin:0}svg{display:block;margin:0 auto;max-width:100%;height:auto}${light}${dark}</style>
</head>
<body>
${svg}</body>
</html>
`;
}

/** Rules that outrank the SVG's own fill attributes. */
function themeCss(theme: CollageTheme): string {
  const colors = collageColors[theme];
  const fills = (Object.keys(colors) as ColorRole[]).map((role) => `.cm-${role}{fill:${colors[role]}}`);
  return `body{background:${colors.page}}${fills.join("")}`;
}
