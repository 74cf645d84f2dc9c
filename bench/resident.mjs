// Memory of other processes, on Linux.
import { readFileSync } from "node:fs";

/** Resident bytes of a process; 0 for one that is gone. */
export function residentBytes(pid) {
  try {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Of a process and of all that it began; pages that several of them share count once for each. */
export function treeResidentBytes(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    return children
      .filter(Boolean)
      .reduce((sum, child) => sum + treeResidentBytes(child), residentBytes(pid));
  } catch {
    return 0;
  }
}
