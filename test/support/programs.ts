import { spawnSync } from "node:child_process";

/** Whether a program is on this machine; where it is not, its tests are skipped, which is said loudly. */
export function haveProgram(name: string, args: readonly string[]): boolean {
  const found = spawnSync(name, args, { stdio: "ignore" }).status === 0;
  if (!found) console.warn(`\n*** TESTS WITH ${name} SKIPPED: it is not installed. ***\n`);
  return found;
}
