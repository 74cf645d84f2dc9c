import { parseArgs } from "node:util";
import { type Arguments, type Command, type OptionTable, UsageError } from "./command.ts";

/** Options that every command has. */
export const COMMON_OPTIONS: OptionTable = {
  json: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** @throws UsageError on unknown options, missing values, and too few or too many arguments */
export function parseCommandLine(name: string, command: Command, words: readonly string[]): Arguments {
  const { values, positionals } = parseStrictly(command, words);
  const [fewest, most] = command.positionals;
  if (values["help"] !== true && (positionals.length < fewest || positionals.length > most)) {
    const wanted =
      fewest === most ? `${fewest}` : most === Infinity ? `at least ${fewest}` : `${fewest} to ${most}`;
    throw new UsageError(
      `concept ${name} takes ${wanted} argument${/\b1$/.test(wanted) ? "" : "s"}, found ${positionals.length}`,
    );
  }
  return readers(values, positionals);
}

function parseStrictly(
  command: Command,
  words: readonly string[],
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({
      args: [...words],
      options: { ...COMMON_OPTIONS, ...command.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(firstSentence(error instanceof Error ? error.message : String(error)));
  }
}

/** parseArgs adds advice for programmers behind its first sentence. */
function firstSentence(message: string): string {
  return message.split(". ")[0]!.replace(/\n/g, " ");
}

function readers(values: Values, positionals: readonly string[]): Arguments {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const number = (
    name: string,
    bounds: { readonly min: number; readonly max?: number },
  ): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const { min, max = Infinity } = bounds;
    const parsed = /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (!(parsed >= min && parsed <= max)) {
      throw new UsageError(
        `--${name} takes a number ${max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`}, found "${value}"`,
      );
    }
    return parsed;
  };
  return {
    positionals,
    text,
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    },
    flag: (name) => values[name] === true,
    number,
    integer: (name, bounds) => {
      const parsed = number(name, bounds);
      if (parsed !== undefined && !Number.isInteger(parsed)) {
        throw new UsageError(`--${name} takes a whole number, found "${text(name)}"`);
      }
      return parsed;
    },
    choice: <Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined => {
      const value = text(name);
      if (value === undefined) return undefined;
      const choice = choices.find((candidate) => candidate === value);
      if (choice === undefined)
        throw new UsageError(`--${name} is one of ${choices.join(", ")}, found "${value}"`);
      return choice;
    },
  };
}
