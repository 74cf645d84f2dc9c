import { existsSync } from "node:fs";
import type { MetadataOptions, MetadataReport } from "../node/metadata/metadata-sources.ts";
import { type Arguments, type OptionTable, UsageError } from "./command.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Options that say where captions and columns come from. */
export const METADATA_OPTIONS: OptionTable = {
  captions: { type: "string" },
  columns: { type: "string" },
  key: { type: "string" },
  "caption-column": { type: "string" },
};

export const METADATA_OPTIONS_HELP = `      --captions SOURCES    what is said of the pictures: a table (.csv, .tsv, .jsonl, .parquet), sidecar
                        (a.txt beside a.jpg), exif (title, description, keywords), filename; several
                        with commas
      --columns SOURCES     what else is known of them: exif (date, camera, place ...; the default), tables, or none
      --key NAME            the tables' column with path, file name or id (default: path, file, filename ...)
      --caption-column NAME the tables' column with captions (default: caption, text, description ...)`;

/** @returns undefined where no source is named */
export function metadataOptions(args: Arguments): MetadataOptions | undefined {
  const captions = sources(args.text("captions"));
  const columns = args.text("columns") === undefined ? undefined : sources(args.text("columns"));
  if (captions.length === 0 && columns === undefined) {
    const lone = ["key", "caption-column"].find((name) => args.text(name) !== undefined);
    if (lone !== undefined) throw new UsageError(`--${lone} goes with --captions or --columns`);
    return undefined;
  }
  const named = columns?.length === 1 && columns[0] === "none" ? [] : columns;
  return { captions, columns: named, key: args.text("key"), captionColumn: args.text("caption-column") };
}

/** Names may hold commas themselves: what is there as a whole is one. */
function sources(list: string | undefined): string[] {
  if (list === undefined) return [];
  if (existsSync(list)) return [list];
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Tells what came of captions and columns, above all what found no picture. */
export function reportMetadata(report: MetadataReport | null, pictures: number, terminal: Terminal): void {
  if (report === null) return;
  const told = [
    report.captioned === null ? "" : `${report.captioned} of ${pictures} pictures have captions`,
    report.columns.length === 0 ? "" : `columns: ${printable(report.columns.join(", "))}`,
  ].filter((part) => part !== "");
  if (told.length > 0) terminal.say(`${told.join("; ").replace(/^c/, "C")}.`);
  for (const { file, rows, unmatched, ambiguous, examples } of report.tables) {
    if (unmatched + ambiguous === 0) continue;
    const reasons = [
      unmatched > 0 ? `${unmatched} match no picture` : "",
      ambiguous > 0 ? `${ambiguous} match several of one name` : "",
    ].filter((reason) => reason !== "");
    const some = examples.map((key) => JSON.stringify(key.slice(0, 60))).join(", ");
    terminal.warn(printable(`${file}: of ${rows} rows, ${reasons.join(" and ")} (${some}).`));
  }
  if (report.unreadableSidecars > 0)
    terminal.warn(`${report.unreadableSidecars} sidecar files cannot be read.`);
  if (report.droppedColumns.length > 0)
    terminal.warn(`Columns left out: ${printable(report.droppedColumns.slice(0, 10).join(", "))}.`);
}
