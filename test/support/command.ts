import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads from standard input; default nothing. */
  readonly input?: string;
  /** What bash does before it becomes the command, e.g. `ulimit`. */
  readonly prelude?: string;
  /** Called with the running child, e.g. to kill it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the built command. */
export function concept(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const node = [process.execPath, MAIN, ...args];
    const [program, ...words] =
      options.prelude === undefined ? node : ["bash", "-c", `${options.prelude}; exec "$@"`, "bash", ...node];
    const child = spawn(program!, words, {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: "1", ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // A command that ends before it has read everything closes the pipe.
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    options.onStart?.(child);
  });
}

/** A folder that is removed when the tests of the file are done. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `concept-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
