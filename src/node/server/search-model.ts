import type { ApiMatch, ApiSearchAnswer, ApiSearchRequest } from "../../core/explorer/api.ts";
import { parseQuery } from "../../core/search/parse-query.ts";
import type { SearchTerm } from "../../core/search/query.ts";
import { RELEVANCE_FLOOR } from "../../core/search/relevance.ts";
import type { SearchResult } from "../../core/search/search.ts";
import { badRequest } from "./api-fault.ts";
import type { ExplorerSession } from "./explorer-session.ts";

const RESULTS = 100;

/**
 * Searches as `concept search` does; where nothing matches, the nearest are listed all the same.
 *
 * @param picture a file that the query is like, too
 */
export async function searchModel(
  session: ExplorerSession,
  request: ApiSearchRequest,
  options: { readonly picture?: string; readonly signal: AbortSignal },
): Promise<ApiSearchAnswer> {
  const { query, like = [], within, where, limit = RESULTS } = request;
  const { picture, signal } = options;
  const { model, view } = await session.whole();
  const terms: SearchTerm[] = [
    ...(query.trim() === "" ? [] : parseQuery(query)),
    ...like.map((row) => ({ image: nameOf(view.fitted.images, row) })),
    ...(picture === undefined ? [] : [{ image: picture }]),
  ];
  if (terms.length === 0) throw badRequest("There is nothing to search for");
  const result = await model.search(terms, { topN: limit, minRelevance: 0, concept: within, where, signal });
  return searchAnswer(result);
}

/** The name by which a search finds a row: its path, or where another row has that too, its id. */
function nameOf(
  { paths, ids }: { readonly paths: readonly string[]; readonly ids: readonly string[] },
  row: number,
): string {
  const path = paths[row];
  if (path === undefined) throw badRequest(`There is no picture ${row}`);
  return paths.indexOf(path) === row ? path : ids[row]!;
}

function searchAnswer({ concepts, images, nothing, relevance, unknown }: SearchResult): ApiSearchAnswer {
  const isBelow = relevance !== null && relevance < RELEVANCE_FLOOR;
  return {
    matches: nothing === null && !isBelow,
    nothing: nothing ?? (isBelow ? "below the floor" : null),
    unknown,
    concepts: concepts.map(({ id, ...match }) => ({ id, ...judged(match) })),
    images: images.map(({ row, ...match }) => ({ row, ...judged(match) })),
  };
}

function judged({ score, relevance }: Pick<ApiMatch, "score" | "relevance">): ApiMatch {
  return { score, relevance, matches: relevance === null || relevance >= RELEVANCE_FLOOR };
}
