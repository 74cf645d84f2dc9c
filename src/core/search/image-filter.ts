import { requireConcept } from "../concept-lookup.ts";
import type { FittedModel } from "../model.ts";
import { rowsThatPass } from "./filter-rows.ts";
import { parseFilter } from "./parse-filter.ts";

/** What filters look at. */
export type DescribedImages = Pick<FittedModel, "images" | "concepts">;

/** Which pictures may be found. */
export interface ImageFilter {
  /** Only pictures of this concept, by its id; -1 for those in none. Default all but those of hidden concepts. */
  readonly concept?: number | undefined;
  /** Only pictures for which this holds, as in `year>=2020 and path ~ rome`; see `parseFilter`. */
  readonly where?: string | undefined;
}

/**
 * 1 for each picture that may be found, 0 for the others; undefined where all may.
 *
 * @param without rows that are left out in any case
 * @throws InputError (BAD_OPTION) for an unknown concept or a filter that cannot be read
 */
export function imageMask(
  model: DescribedImages,
  { concept, where }: ImageFilter,
  without: readonly number[] = [],
): Uint8Array | undefined {
  const { images, concepts } = model;
  if (concept !== undefined && concept !== -1) requireConcept(concepts, concept);
  const hidden = new Set(concepts.filter((other) => other.hidden === true).map(({ id }) => id));
  if (concept === undefined && where === undefined && hidden.size === 0 && without.length === 0) {
    return undefined;
  }
  const mask =
    where === undefined
      ? new Uint8Array(images.paths.length).fill(1)
      : rowsThatPass(model, parseFilter(where));
  for (let i = 0; i < mask.length; i++) {
    const own = images.concepts[i]!;
    if (concept === undefined ? hidden.has(own) : own !== concept) mask[i] = 0;
  }
  for (const excluded of without) mask[excluded] = 0;
  return mask;
}
