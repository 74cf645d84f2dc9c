import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/**
 * A file system of its own with so little room, gone when the tests of the file are done. Undefined where this process may mount
 * none, which is said loudly.
 *
 * @param size as `mount` takes it, e.g. `"200k"`
 */
export function tinyDisk(size: string): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "concept-tiny-disk-"));
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  const isMounted = mount.status === 0;
  afterAll(() => {
    if (isMounted) spawnSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (isMounted) return folder;
  console.warn("\n*** TESTS WITH A FULL DISK SKIPPED: they mount a tmpfs; run them as root on Linux. ***\n");
  return undefined;
}
