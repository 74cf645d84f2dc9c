import path from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";

/** Whether a name could be a pattern: `*`, `?`, `[...]`, `{a,b}`, `(a|b)`. */
export function isPattern(name: string): boolean {
  return isDynamicPattern(name);
}

/**
 * What a pattern stands for: absolute paths of files and folders, sorted by bytes, for shells that do not expand it or were
 * kept from it with quotes. `*` stays within a folder, `**` goes through folders; hidden names are matched only by a dot.
 */
export async function expandPattern(pattern: string, signal?: AbortSignal): Promise<string[]> {
  const found = await glob(pattern.split(path.sep).join("/"), {
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: false,
    ...(signal === undefined ? {} : { signal }),
  });
  const paths = found.map((name) => path.resolve(name)).sort(byBytes);
  // What lies in a folder that was matched too comes with it.
  let folder = "\0";
  return paths.filter((name) => {
    if (name.startsWith(folder)) return false;
    folder = name + path.sep;
    return true;
  });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
