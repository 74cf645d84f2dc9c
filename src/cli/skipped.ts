import type { SkippedFile } from "../node/images/image-file.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Lists every file that did not make it, with its reason, on stderr. */
export function reportSkipped(
  skipped: readonly Pick<SkippedFile, "path" | "reason">[],
  terminal: Terminal,
): void {
  if (skipped.length === 0) return;
  const files = skipped.length === 1 ? "1 file was" : `${skipped.length} files were`;
  terminal.warn(`${files} skipped:`);
  for (const { path, reason } of skipped) terminal.warn(`  ${printable(path)}: ${printable(reason)}`);
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
