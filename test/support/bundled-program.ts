import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll } from "vitest";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/**
 * A program for a process of its own, bundled before the tests of the file and removed after them: Node 20 does not run TypeScript. It
 * lies three folders deep, as the package's own files do.
 *
 * @returns where it is
 */
export function bundledProgram(source: URL): string {
  mkdirSync(DIST, { recursive: true });
  const folder = mkdtempSync(path.join(DIST, ".test-program-"));
  const program = path.join(folder, "test", "program.js");
  beforeAll(async () => {
    const input = fileURLToPath(source);
    const bundle = await rolldown({ input, platform: "node", external: [/^hyparquet/], logLevel: "silent" });
    await bundle.write({ file: program, format: "esm" });
    await bundle.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return program;
}

/** Rejects when the program ends before it has said anything. */
export async function firstOutput(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout!.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}`)));
  });
}
