import { existsSync, readFileSync } from "node:fs";
import type { FileSeed } from "../node/seed-files.ts";
import { type Arguments, type OptionTable, UsageError } from "./command.ts";

/** Options that name concepts before the fit. */
export const SEED_OPTIONS: OptionTable = {
  concept: { type: "string", multiple: true },
  "concepts-from": { type: "string" },
};

export const SEED_OPTIONS_HELP = `      --concept NAME        a concept you know: pictures close enough go there first, the rest is grouped;
                            may be given again and again. NAME=PATH: by example pictures (a file or folder)
      --concepts-from FILE  such names, one a line`;

/** @returns undefined where none is named */
export function seedOptions(args: Arguments): FileSeed[] | undefined {
  const file = args.text("concepts-from");
  const lines = file === undefined ? [] : readFileSync(file, "utf8").split(/\r?\n/);
  const given = [...args.texts("concept"), ...lines.map((line) => line.trim()).filter((line) => line !== "")];
  return given.length === 0 ? undefined : given.map(seedOf);
}

function seedOf(given: string): FileSeed {
  const split = given.indexOf("=");
  if (split === -1) return { name: given.trim() };
  const path = given.slice(split + 1).trim();
  if (!existsSync(path)) throw new UsageError(`--concept "${given}" names no picture or folder behind the =`);
  return { name: given.slice(0, split).trim(), images: [path] };
}
