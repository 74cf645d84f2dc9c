import type { ImageList } from "../../core/pipeline.ts";

/** How a row of a table found its pictures. */
export type MatchResult =
  | { readonly kind: "matched"; readonly rows: readonly number[] }
  | { readonly kind: "unmatched" | "ambiguous" };

/**
 * Finds the pictures that a table speaks of. A key is a content hash (all pictures of that content), a path as the
 * model has it, a path with folders before that (`/home/me/photos/a/b.jpg` for `a/b.jpg`), a base name, or a base
 * name without extension; tried in this order. Names that several pictures bear match none of them.
 */
export class PictureMatcher {
  private readonly byId = new Map<string, number[]>();
  private readonly byPath = new Map<string, number>();
  private readonly byName = new Map<string, number>();
  private readonly byStem = new Map<string, number>();

  constructor({ ids, paths }: Pick<ImageList, "ids" | "paths">) {
    paths.forEach((given, row) => {
      const path = normalized(given);
      const name = baseName(path);
      this.byPath.set(path, row);
      addOnce(this.byName, name, row);
      addOnce(this.byStem, stem(name), row);
      const rows = this.byId.get(ids[row]!);
      if (rows === undefined) this.byId.set(ids[row]!, [row]);
      else rows.push(row);
    });
  }

  find(key: string): MatchResult {
    const trimmed = key.trim();
    if (trimmed === "") return { kind: "unmatched" };
    const sameContent = this.byId.get(/^[0-9A-F]{64}$/i.test(trimmed) ? trimmed.toLowerCase() : trimmed);
    if (sameContent !== undefined) return { kind: "matched", rows: sameContent };
    const path = normalized(trimmed);
    for (let at = 0; at >= 0 && at < path.length; at = nextFolder(path, at)) {
      const row = this.byPath.get(path.slice(at));
      if (row !== undefined) return { kind: "matched", rows: [row] };
    }
    // A key with folders in it says where its picture is: another folder's file of that name is another picture.
    if (path.includes("/")) return { kind: "unmatched" };
    const row = this.byName.get(path) ?? this.byStem.get(path);
    if (row === undefined) return { kind: "unmatched" };
    return row === SEVERAL ? { kind: "ambiguous" } : { kind: "matched", rows: [row] };
  }
}

const SEVERAL = -1;

function addOnce(map: Map<string, number>, key: string, row: number): void {
  map.set(key, map.has(key) ? SEVERAL : row);
}

/** Systems differ in separators and in how they compose accents; tables travel between them. */
function normalized(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^(\.\/)+/, "")
    .normalize("NFC");
}

function nextFolder(path: string, at: number): number {
  const slash = path.indexOf("/", at);
  return slash === -1 ? -1 : slash + 1;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function stem(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
