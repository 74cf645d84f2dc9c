import { readFile } from "node:fs/promises";
import ignore, { type Ignore } from "ignore";
import { systemErrorCode } from "../system-error.ts";

/** The file in a folder whose lines say what of it is left out, as `.gitignore` does for git. */
export const IGNORE_FILE = ".conceptignore";

/** Patterns in the language of `.gitignore` that say what is left out. */
export class ExcludeRules {
  private readonly rules: Ignore;
  readonly isEmpty: boolean;

  constructor(patterns: string | readonly string[]) {
    // Names that differ in case are two files where the system says so.
    this.rules = ignore({ ignorecase: false }).add(patterns);
    this.isEmpty = patterns.length === 0;
  }

  /** The rules of a folder's own file; undefined where it has none. */
  static async ofFolder(folder: string): Promise<ExcludeRules | undefined> {
    try {
      return new ExcludeRules(await readFile(`${folder}/${IGNORE_FILE}`, "utf8"));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error))) return undefined;
      throw error;
    }
  }

  /**
   * @param name relative to where the patterns hold, parts joined with `/`
   * @returns whether it is left out, or taken back with `!`; undefined where no pattern speaks of it
   */
  verdict(name: string, isFolder = false): boolean | undefined {
    if (this.isEmpty || !ignore.isPathValid(name)) return undefined;
    const { ignored, unignored } = this.rules.test(isFolder ? `${name}/` : name);
    return ignored ? true : unignored ? false : undefined;
  }
}
