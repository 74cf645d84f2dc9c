import type { DiffableModel } from "../../../src/core/compare/model-diff.ts";
import { type Matrix, matrix } from "../../../src/core/math/matrix.ts";

/** A model as far as comparing looks at it: pictures called by their names, in groups; null is no concept. */
export function grouping(
  groups: Readonly<Record<string, string | null>>,
  options: {
    readonly vectors?: Readonly<Record<string, readonly number[]>>;
    readonly embedder?: string;
  } = {},
): DiffableModel {
  const pictures = Object.keys(groups);
  const names = [...new Set(Object.values(groups))].filter((name) => name !== null);
  const sizes = new Map(names.map((name) => [name, pictures.filter((p) => groups[p] === name).length]));
  names.sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  // Ids with gaps, in no order: nothing may take them for places.
  const idOf = new Map(names.map((name, place) => [name, 1000 - 7 * place]));
  return {
    images: {
      ids: pictures,
      paths: pictures,
      concepts: Int32Array.from(pictures, (picture) => {
        const name = groups[picture];
        return name == null ? -1 : idOf.get(name)!;
      }),
    },
    concepts: names.map((name) => ({
      id: idOf.get(name)!,
      name,
      words: [],
      size: sizes.get(name)!,
      exemplars: Int32Array.of(pictures.findIndex((picture) => groups[picture] === name)),
    })),
    conceptVectors: vectorsOf(names, options.vectors),
    embedder:
      options.embedder === undefined
        ? null
        : { id: options.embedder, model: "test", dtype: "fp32", revision: "main", template: "{}" },
  };
}

function vectorsOf(names: readonly string[], vectors?: Readonly<Record<string, readonly number[]>>): Matrix {
  const cols = vectors === undefined ? 1 : Object.values(vectors)[0]!.length;
  return matrix(Float32Array.from(names.flatMap((name) => vectors?.[name] ?? [1])), names.length, cols);
}

/** Pictures `prefix 0` to `prefix count - 1`, all in one concept. */
export function pictures<Concept extends string | null>(
  prefix: string,
  count: number,
  concept: Concept,
): Record<string, Concept> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix} ${i}`, concept]));
}
