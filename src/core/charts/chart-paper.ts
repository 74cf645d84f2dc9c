import { type CollageTheme, type ColorRole, collageColors } from "../view/collage-theme.ts";
import { escapeXml } from "../view/escape-xml.ts";
import type { CollageFonts } from "../view/font-metrics.ts";
import { cleanText, fitText, textWidth } from "../view/text-fit.ts";

/** A drawing without pictures, as an SVG document. It holds no script and no link; every text of strangers is escaped. */
export interface Chart {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** What is written in it: tells whether its fonts have every character. */
  readonly texts: readonly string[];
  /** @param css put first into the SVG, such as `@font-face` rules; trusted */
  svg(css?: string): string;
}

export interface ChartOptions {
  /** Default `"light"`. */
  readonly theme?: CollageTheme | undefined;
  /** Heading; each chart has a default. */
  readonly title?: string | undefined;
}

export interface TextStyle {
  /** Default 12. */
  readonly size?: number | undefined;
  /** Default `"text"`; or a colour as #rrggbb. */
  readonly color?: ColorRole | `#${string}` | undefined;
  readonly isStrong?: boolean | undefined;
  /** Default `"start"`. */
  readonly anchor?: "start" | "middle" | "end" | undefined;
  /** Cut to this width with an ellipsis; default not at all. */
  readonly maxWidth?: number | undefined;
}

/** Space around everything. */
export const chartMargin = 32;

/** Collects what is drawn, in CSS pixels from the top left; later things lie on earlier ones. */
export class ChartPaper {
  readonly fonts: CollageFonts;
  readonly theme: CollageTheme;
  readonly texts: string[] = [];
  private readonly elements: string[] = [];

  constructor(fonts: CollageFonts, theme: CollageTheme = "light") {
    this.fonts = fonts;
    this.theme = theme;
  }

  color(color: ColorRole | `#${string}`): string {
    return color.startsWith("#") ? color : collageColors[this.theme][color as ColorRole];
  }

  /** One line of text; what cannot be seen or would steer its reader is dropped. */
  text(x: number, baseline: number, text: string, style: TextStyle = {}): void {
    const { size = 12, color = "text", isStrong = false, anchor = "start", maxWidth } = style;
    const font = isStrong ? this.fonts.semibold : this.fonts.regular;
    const clean = cleanText(text);
    const shown = maxWidth === undefined ? clean : fitText(clean, font, size, maxWidth);
    if (shown === "") return;
    this.texts.push(shown);
    const full = shown === clean ? "" : `<title>${escapeXml(clean)}</title>`;
    this.elements.push(
      `<text x="${round(x)}" y="${round(baseline)}" font-size="${size}" fill="${this.color(color)}"` +
        `${isStrong ? ' font-weight="600"' : ""}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>` +
        `${full}${escapeXml(shown)}</text>`,
    );
  }

  /** Width that a text would take. */
  widthOf(text: string, size = 12, isStrong = false): number {
    return textWidth(cleanText(text), isStrong ? this.fonts.semibold : this.fonts.regular, size);
  }

  /** @param radius of the corners; default 0 @param label for those who hover or do not see it */
  rect(
    place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    color: ColorRole | `#${string}`,
    options: { readonly radius?: number | undefined; readonly label?: string | undefined } = {},
  ): void {
    const { radius = 0, label } = options;
    const shape =
      `<rect x="${round(place.x)}" y="${round(place.y)}" width="${round(place.width)}"` +
      ` height="${round(place.height)}"${radius > 0 ? ` rx="${radius}"` : ""} fill="${this.color(color)}"`;
    this.elements.push(
      label === undefined ? `${shape}/>` : `${shape}><title>${escapeXml(cleanText(label))}</title></rect>`,
    );
  }

  /** A line along SVG path data. */
  line(path: string, color: ColorRole | `#${string}`, width = 1): void {
    this.elements.push(
      `<path d="${path}" fill="none" stroke="${this.color(color)}" stroke-width="${width}" stroke-linejoin="round"/>`,
    );
  }

  /** Heading and subtitle at the top. @returns where the drawing may start */
  heading(title: string, subtitle: string, width: number): number {
    const maxWidth = width - 2 * chartMargin;
    this.text(chartMargin, chartMargin + 17, title, { size: 20, isStrong: true, maxWidth });
    this.text(chartMargin, chartMargin + 40, subtitle, { size: 13, color: "muted", maxWidth });
    return chartMargin + 64;
  }

  chart(width: number, height: number, title: string): Chart {
    const [w, h] = [Math.ceil(width), Math.ceil(height)];
    const body = [
      `<title>${escapeXml(cleanText(title))}</title>`,
      `<rect fill="${this.color("page")}" width="${w}" height="${h}"/>`,
      ...this.elements,
      "</svg>\n",
    ].join("\n");
    return {
      width: w,
      height: h,
      texts: this.texts,
      svg: (css) =>
        `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"` +
        ` font-family="Inter, sans-serif" role="img">\n` +
        `${css === undefined ? "" : `<style>${escapeXml(css)}</style>\n`}${body}`,
    };
  }
}

/** Hundredths of a pixel: more only makes the file longer. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
