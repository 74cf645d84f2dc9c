import type { SkippedFile } from "../node/images/image-file.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Lists every file that did not make it, with its reason, on stderr. */
export function reportSkipped(skipped: readonly SkippedFile[], terminal: Terminal): void {
  if (skipped.length === 0) return;
  const files = skipped.length === 1 ? "1 file was" : `${skipped.length} files were`;
  terminal.warn(`${files} skipped:`);
  for (const { path, reason } of skipped) terminal.warn(`  ${printable(path)}: ${printable(reason)}`);
}
