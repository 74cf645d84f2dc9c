import type { FittedModel } from "../../core/model.ts";
import type { WorkOptions } from "../../core/stages.ts";
import type { SkippedFile } from "../images/image-file.ts";
import { exportAtlas } from "./atlas.ts";
import { exportCoco } from "./coco.ts";
import { exportFiftyone } from "./fiftyone.ts";
import { exportFolders, type LinkKind } from "./folders.ts";

/** Other programs' formats: see docs/exporting.md. */
export type ExportFormat = "folders" | "coco" | "fiftyone" | "atlas";

export interface ExportOptions extends WorkOptions {
  /** How pictures get into folders; default `"symlink"`. Where a link cannot be had, they are copied. */
  readonly link?: LinkKind | undefined;
}

export interface ExportReport {
  /** Pictures that could not be read and are missing. */
  readonly skipped: readonly SkippedFile[];
  /** Folders made, for `"folders"`. */
  readonly folders?: number | undefined;
  /** How pictures got into them. */
  readonly placed?: Readonly<Record<LinkKind, number>> | undefined;
}

/**
 * Writes a model for another program, whole or not at all.
 *
 * @param target the folder (`"folders"`, `"fiftyone"`: new or empty) or file to make
 * @throws InputError when the target is taken or the pictures are no files; the system's errors
 */
export async function exportModel(
  model: FittedModel,
  format: ExportFormat,
  target: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  switch (format) {
    case "folders": {
      const { files: placed, ...report } = await exportFolders(model, target, options);
      return { ...report, placed };
    }
    case "coco":
      return exportCoco(model, target, options);
    case "fiftyone":
      await exportFiftyone(model, target);
      return { skipped: [] };
    case "atlas":
      await exportAtlas(model, target);
      return { skipped: [] };
  }
}
