import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { InputError } from "../../core/errors.ts";
import { collageHtml } from "../../core/view/collage-html.ts";
import type { CollageTheme } from "../../core/view/collage-theme.ts";
import { isOutOfSpace } from "../system-error.ts";
import { unwritable } from "../unwritable.ts";
import type { DrawnCollage } from "./draw-collage.ts";

export interface WriteCollageOptions {
  /** Colours of an HTML page; `"auto"` (default) follows the reader's setting. PNG and SVG stay as drawn. */
  readonly theme?: CollageTheme | "auto" | undefined;
  /** Title of an HTML page; default `"Concepts"`. */
  readonly title?: string | undefined;
}

/**
 * Writes a collage as `.png`, `.svg` or `.html`, by the extension of the path. Written beside it and renamed,
 * so that a crash leaves the old file or the new one.
 *
 * @throws InputError (BAD_OPTION) for another extension; InputError when the disk is full; the file system's own errors
 */
export async function writeCollage(
  path: string,
  collage: Pick<DrawnCollage, "png" | "svg">,
  options: WriteCollageOptions = {},
): Promise<void> {
  const content = contentFor(path, collage, options);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw isOutOfSpace(error) ? unwritable(`${path} cannot be written`, error) : error;
  }
}

function contentFor(
  path: string,
  { png, svg }: Pick<DrawnCollage, "png" | "svg">,
  { theme = "auto", title = "Concepts" }: WriteCollageOptions,
): Uint8Array | string {
  switch (extname(path).toLowerCase()) {
    case ".png":
      return png;
    case ".svg":
      return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}`;
    case ".html":
    case ".htm":
      return collageHtml(svg, theme, title);
    default:
      throw new InputError(
        "A collage cannot be written in that format",
        { expected: "a path that ends in .png, .svg or .html", found: path },
        "BAD_OPTION",
      );
  }
}
