import { readdirSync, readFileSync } from "node:fs";

/** A process that another has started, on Linux. */
export interface ChildProcessState {
  readonly pid: number;
  /** Its command line, words joined with blanks. */
  readonly command: string;
  /** Seconds of processor that it has used. */
  readonly seconds: number;
}

/** The processes that `parent` has started and that still run, from `/proc`. */
export function childProcesses(parent: number): ChildProcessState[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The name before may hold anything, blanks and parentheses too.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (Number(fields[1]) !== parent) return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        // Clock ticks are hundredths of a second on every Linux that Node runs on.
        return [{ pid: Number(name), command, seconds: (Number(fields[11]) + Number(fields[12])) / 100 }];
      } catch {
        return [];
      }
    });
}
