import { homedir } from "node:os";
import path from "node:path";

/**
 * The folder of everything this package caches: `$CONCEPT_CACHE`, else `$XDG_CACHE_HOME/conceptmodel`, else
 * `~/.cache/conceptmodel`. A relative `$XDG_CACHE_HOME` is ignored, as its specification says.
 */
export function defaultCacheRoot(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const own = environment["CONCEPT_CACHE"];
  if (own !== undefined && own !== "") return path.resolve(own);
  const shared = environment["XDG_CACHE_HOME"];
  return shared !== undefined && path.isAbsolute(shared)
    ? path.join(shared, "conceptmodel")
    : path.join(home, ".cache", "conceptmodel");
}
