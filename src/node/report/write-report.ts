import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FormatError, InputError } from "../../core/errors.ts";
import type { FittedModel } from "../../core/model.ts";
import type { ReportData } from "../../core/report/report-data.ts";
import { escapeXml } from "../../core/view/escape-xml.ts";
import { writeWholeFile } from "../export/fresh-folder.ts";
import { locate } from "../inputs/location.ts";
import { nodeKernels } from "../onnx-kernels.ts";
import { systemErrorCode } from "../system-error.ts";
import type { MissingPicture } from "../thumbnails/picture-cell.ts";
import { reportData } from "./report-data.ts";

export interface ReportOptions {
  /** Heading; default `"Concepts"`. */
  readonly title?: string | undefined;
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of the steps `"pictures"` and `"words"`, 0 to 1 each. */
  readonly onStep?: ((step: "pictures" | "words", fraction: number) => void) | undefined;
}

export interface WrittenReport {
  /** Size of the file. */
  readonly bytes: number;
  /** Pictures that could not be read; they are grey. */
  readonly missing: readonly MissingPicture[];
}

/** The page's own script and style, made by `npm run build`. */
const PAGE = new URL("../../../dist/report/", import.meta.url);

/**
 * Writes a model as one page that needs no server and no network: the map with thumbnails, the concepts with their words and
 * exemplars, and what searches for the words of the vocabulary find. The page forbids itself everything but its own script, style
 * and pictures.
 *
 * @param file ends in .html; written whole or not at all
 * @throws InputError when the model was made from vectors, or where no picture can be read
 */
export async function writeReport(
  model: FittedModel,
  file: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  const root = options.root ?? model.images.root;
  if (root === null) {
    throw new InputError("There is no report of a model that was made from vectors", {
      expected: "a model of pictures in files",
      found: "vectors without files",
      hint: "Fit with the pictures' paths (--images on the command line).",
    });
  }
  const [script, style] = await Promise.all([pagePart("report.js"), pagePart("report.css")]);
  const title = options.title ?? "Concepts";
  const request = { title, root, kernels: await nodeKernels() };
  const { data, missing } = await reportData(model, request, options);
  if (missing.length === model.images.ids.length) {
    throw new InputError("None of the pictures could be read", {
      found: `nothing at ${locate(root, model.images.paths[0]!)}`,
      hint: "Where they were moved, say where they are now (--root on the command line).",
    });
  }
  const html = reportHtml(data, script, style);
  await writeWholeFile(file, [html]);
  return { bytes: Buffer.byteLength(html), missing };
}

function reportHtml(data: ReportData, script: string, style: string): string {
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
  // In a script element only "<" can end the text.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(data.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript. Nothing is fetched from anywhere.</noscript>
<script type="application/json" id="report">${json}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

async function pagePart(name: string): Promise<string> {
  try {
    return await readFile(new URL(name, PAGE), "utf8");
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
    throw new FormatError("The page of reports is not there", {
      expected: `dist/report/${name}`,
      found: "no such file",
      hint: "Run npm run build, or install the package again.",
    });
  }
}
