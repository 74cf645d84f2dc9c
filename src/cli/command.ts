import type { ParseArgsConfig } from "node:util";
import type { Terminal } from "./terminal.ts";

export type OptionTable = NonNullable<ParseArgsConfig["options"]>;

/** What a command was called with: strict, so a mistyped option never reaches here. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  /** All values of an option that may be given again and again, in order. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
  /** @throws UsageError when the option is not a whole number within the bounds */
  integer(name: string, bounds: { readonly min: number; readonly max?: number }): number | undefined;
  /** @throws UsageError when the option is not a number within the bounds */
  number(name: string, bounds: { readonly min: number; readonly max: number }): number | undefined;
  /** @throws UsageError when the option is none of the choices */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, skippedSome: 3, interrupted: 130 } as const;

/** One subcommand; each has a file of its own, and `commands.ts` lists them. */
export interface Command {
  /** Everything `concept NAME --help` prints. */
  readonly help: string;
  readonly options: OptionTable;
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [number, number];
  /** @returns the exit code */
  run(args: Arguments, context: CommandContext): Promise<number>;
}

/** The command was called wrongly; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
