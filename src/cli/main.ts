#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { ConceptError } from "../core/errors.ts";
import { systemReason } from "../node/system-error.ts";
import { parseCommandLine } from "./arguments.ts";
import { EXIT, UsageError } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { printable } from "./table.ts";
import { Terminal } from "./terminal.ts";

const OVERVIEW = `concept: groups of pictures that belong together, named by words

${COMMANDS.map(({ name, summary }) => `  concept ${name.padEnd(10)} ${summary}`).join("\n")}

Start here:
  concept fit ./photos -o photos.concept
  concept visualize photos.concept -o concepts.png
  concept search photos.concept "beach"

concept COMMAND --help explains each. Data goes to stdout, progress to stderr; --json for programs.`;

/** Milliseconds that a command has to end by itself after Ctrl-C. */
const PATIENCE = 2000;

/** @returns the exit code */
async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${OVERVIEW}\n`);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "--version" || name === "-V") {
    process.stdout.write(`${packageVersion()}\n`);
    return EXIT.done;
  }
  const verbose = rest.includes("--verbose");
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort(new Error("interrupted"));
    // Work that cannot be stopped between two steps is left where it is: nothing is ever half-written.
    setTimeout(() => {
      process.stderr.write("Interrupted.\n");
      process.exit(EXIT.interrupted);
    }, PATIENCE).unref();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await runCommand(name, rest, interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) {
      process.stderr.write("Interrupted. What was embedded is kept: the same command goes on from here.\n");
      return EXIT.interrupted;
    }
    return reportError(error, name, verbose);
  }
}

async function runCommand(name: string, words: readonly string[], signal: AbortSignal): Promise<number> {
  const listed = COMMANDS.find((candidate) => candidate.name === name);
  if (listed === undefined) throw new UsageError(`There is no command "${printable(name)}"`);
  const command = await listed.load();
  const args = parseCommandLine(name, command, words);
  if (args.flag("help")) {
    process.stdout.write(`${command.help}\n`);
    return EXIT.done;
  }
  const quiet = args.flag("quiet");
  const terminal = new Terminal({ json: args.flag("json"), quiet }, process.stdout, process.stderr);
  try {
    return await command.run(args, { terminal, signal });
  } finally {
    terminal.clearBar();
  }
}

function reportError(error: unknown, command: string, verbose: boolean): number {
  if (error instanceof UsageError) {
    const known = COMMANDS.some(({ name }) => name === command);
    process.stderr.write(`${error.message}.\nSee: concept ${known ? `${command} ` : ""}--help\n`);
    return EXIT.usage;
  }
  // File names and forged models must not steer the terminal.
  process.stderr.write(`${errorText(error).split("\n").map(printable).join("\n")}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.failed;
}

/** One or two lines. */
function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConceptError) return message;
  const reason = systemReason(error);
  if (reason === undefined) return `${message}\nThis was not expected; --verbose shows where it happened.`;
  // What is written goes to a temporary name first, which means nothing to its reader.
  const place = String((error as NodeJS.ErrnoException).path ?? "").replace(/\.[0-9a-f-]{36}\.tmp$/, "");
  // Of a disk that is full the system does not say where.
  return `${place === "" ? "What was asked for cannot be written" : printable(place)}: ${reason}.\nCheck the path, or choose another place.`;
}

function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** A reader that goes away (`concept info M | head`) ends the run quietly, as with other tools. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
