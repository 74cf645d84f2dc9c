import { spawn } from "node:child_process";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { systemErrorCode } from "../system-error.ts";
import { MAX_PICTURE_BYTES } from "./limits.ts";

export interface ProgramOptions {
  /** Longest time it may take, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a program wrote. */
export interface ProgramOutput {
  readonly stdout: Buffer;
  /** Its end, where it is long. */
  readonly stderr: string;
}

const MAX_MESSAGES = 2 ** 24;

/**
 * Runs another program, without a shell, and reads what it writes.
 *
 * @throws UnusablePicture (`no-program`) where it is not installed, (`damaged`) where it fails, (`too-large`) where it writes too
 * much or takes too long; the signal's reason
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { timeout, signal }: ProgramOptions,
): Promise<ProgramOutput> {
  signal?.throwIfAborted();
  const child = spawn(name, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
    ...(signal === undefined ? {} : { signal }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  let isTooMuch = false;
  const stdout: Buffer[] = [];
  let stderr = "";
  let bytes = 0;
  child.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    stdout.push(piece);
    if (bytes <= MAX_PICTURE_BYTES) return;
    isTooMuch = true;
    child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-MAX_MESSAGES);
  });
  const code = await ended.catch((error: unknown) => {
    signal?.throwIfAborted();
    if (systemErrorCode(error) !== "ENOENT") throw error;
    throw new UnusablePicture("no-program", `${name} is not installed`);
  });
  signal?.throwIfAborted();
  if (isTooMuch || child.signalCode !== null)
    throw new UnusablePicture("too-large", `${name} took too long or wrote too much`);
  if (code !== 0)
    throw new UnusablePicture("damaged", `damaged: ${name} cannot read it`, new Error(stderr.slice(-500)));
  return { stdout: Buffer.concat(stdout), stderr };
}
