import type { ApiExportRequest } from "../../core/explorer/api.ts";
import { ApiFailure, fetchExport } from "../api/client.ts";
import type { EditProblem } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { saveFile } from "./save-file.ts";

export type ExportFormat = ApiExportRequest["format"];

/** Pictures to take along: which, and what they are called in the file's name. */
export interface ExportScope {
  readonly kind: "selection" | "concept" | "filtered" | "everything";
  readonly name: string;
  readonly count: number;
  /** Null for all. */
  readonly rows: () => ArrayLike<number> | null;
}

const ENDINGS: Readonly<Record<ExportFormat, string>> = { list: "txt", csv: "csv", folders: "zip" };

/** Fetches a file of pictures from the server and has the browser save it. @returns what went wrong, null for nothing */
export async function exportPictures(
  { name, rows, kind }: ExportScope,
  format: ExportFormat,
): Promise<EditProblem | null> {
  const model = useExplorer.getState().model?.name ?? "concepts";
  const chosen = rows();
  try {
    const file = await fetchExport({ format, ...(chosen === null ? {} : { rows: Array.from(chosen) }) });
    saveFile(file, `${kind === "everything" ? model : `${model} - ${name}`}.${ENDINGS[format]}`);
    return null;
  } catch (error) {
    const hint = error instanceof ApiFailure ? error.hint : "Is concept explore still running?";
    return { text: error instanceof Error ? error.message : String(error), hint };
  }
}
