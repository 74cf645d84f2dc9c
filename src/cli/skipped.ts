import { rm } from "node:fs/promises";
import { isSpecialFile, writeWholeFile } from "../node/export/fresh-folder.ts";
import { tableToCsv } from "../node/export-tables.ts";
import type { SkippedFile } from "../node/images/image-file.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** More than a person reads; the file has them all. */
const MOST_SHOWN = 100;

/** Lists every file that did not make it, with its reason, on stderr. */
export function reportSkipped(
  skipped: readonly Pick<SkippedFile, "path" | "reason">[],
  terminal: Terminal,
  file?: string,
): void {
  if (skipped.length === 0) return;
  const files = skipped.length === 1 ? "1 file was" : `${skipped.length} files were`;
  const shown = file === undefined ? skipped : skipped.slice(0, MOST_SHOWN);
  terminal.warn(`${files} skipped${file === undefined ? "" : ` (all in ${printable(file)})`}:`);
  for (const { path, reason } of shown) terminal.warn(`  ${printable(path)}: ${printable(reason)}`);
  if (shown.length < skipped.length) terminal.warn(`  ... and ${skipped.length - shown.length} more`);
}

/**
 * Writes what was skipped as a table: the file, archive, table or address, the path as it would be in the model, a code for
 * programs, the reason for people. Where nothing was, the table of an earlier run goes: none is left that is not true.
 */
export async function writeSkipped(skipped: readonly SkippedFile[], file: string): Promise<void> {
  if (skipped.length === 0) {
    if (!(await isSpecialFile(file))) await rm(file, { force: true });
    return;
  }
  const columns = { source: "text", path: "text", code: "text", reason: "text" } as const;
  const values = {
    source: skipped.map(({ path }) => path.split("!/", 1)[0]!),
    path: skipped.map(({ path }) => path),
    code: skipped.map(({ code }) => code),
    reason: skipped.map(({ reason }) => reason),
  };
  await writeWholeFile(file, [tableToCsv({ columns, values })]);
}

/** Where that table is by default: beside the model, whose folder holds nothing else. */
export function skippedBeside(output: string): string {
  return `${output.replace(/[\\/]+$/, "")}.skipped.csv`;
}

/** Says how many files were left out on purpose, so that nothing is dropped silently. */
export function reportIgnored(ignored: Readonly<Record<string, number>>, terminal: Terminal): void {
  const kinds = Object.entries(ignored).sort((a, b) => b[1] - a[1]);
  if (kinds.length === 0) return;
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const list = kinds.slice(0, 5).map(([kind, count]) => `${printable(kind)} ${count}`);
  const rest = kinds.length > 5 ? ", ..." : "";
  terminal.say(`${total} files that are no pictures were left alone (${list.join(", ")}${rest}).`);
}
