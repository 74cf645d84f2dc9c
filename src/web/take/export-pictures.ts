import type { ApiExportRequest } from "../../core/explorer/api.ts";
import { ApiFailure, askExport, exportUrl } from "../api/client.ts";
import type { EditProblem } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { saveAddress } from "./save-file.ts";

export type ExportFormat = ApiExportRequest["format"];

/** Pictures to take along: which, and what they are called in the file's name. */
export interface ExportScope {
  readonly kind: "selection" | "concept" | "filtered" | "everything";
  readonly name: string;
  readonly count: number;
  /** Null for all. */
  readonly rows: () => ArrayLike<number> | null;
}

/** Asks the server for a file of pictures and has the browser save it as it comes. @returns what was refused, null for nothing */
export async function exportPictures(
  { name, rows, kind }: ExportScope,
  format: ExportFormat,
): Promise<EditProblem | null> {
  const model = useExplorer.getState().model?.name ?? "concepts";
  const chosen = rows();
  try {
    const ticket = await askExport({
      format,
      name: kind === "everything" ? model : `${model} - ${name}`,
      ...(chosen === null ? {} : { rows: Array.from(chosen) }),
    });
    saveAddress(exportUrl(ticket));
    return null;
  } catch (error) {
    const hint = error instanceof ApiFailure ? error.hint : "Is concept explore still running?";
    return { text: error instanceof Error ? error.message : String(error), hint };
  }
}
