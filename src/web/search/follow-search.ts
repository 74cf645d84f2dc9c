import type { ApiSearchAnswer } from "../../core/explorer/api.ts";
import { ApiFailure, search, searchPicture } from "../api/client.ts";
import { currentMap } from "../map/current-map.ts";
import { EMPTY_SEARCH, type SearchState, setState, useExplorer } from "../state/store.ts";

/** Milliseconds without a key before words are searched for. */
const PAUSE = 160;
/** Most concepts and most pictures that are asked for. */
export const MOST_RESULTS = 400;

/** Searches whenever what is searched for changes. Only the answer to the last question is kept. */
export function followSearch(): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();
  return useExplorer.subscribe((state, stateBefore) => {
    const { search: now } = state;
    const { search: before } = stateBefore;
    if (now.query === before.query && now.like === before.like && now.picture === before.picture) return;
    clearTimeout(waiting);
    running.abort();
    running = new AbortController();
    if (isEmpty(now)) {
      setState({ search: { ...EMPTY_SEARCH, query: now.query } });
      return;
    }
    const { signal } = running;
    setState({ search: { ...now, status: "running" } });
    // Views that come from a link bring a place and a concept of their own.
    if (state.focusedConcept === stateBefore.focusedConcept && state.view === stateBefore.view)
      lookAround(now);
    waiting = setTimeout(() => void run(now, signal), now.query === before.query ? 0 : PAUSE);
  });
}

/** Matches lie anywhere: whoever looks closely, or at one concept, would miss them. */
function lookAround({ status }: SearchState): void {
  if (status === "idle") afterLayout(() => currentMap()?.showAll());
  if (useExplorer.getState().focusedConcept !== null) setState({ focusedConcept: null });
}

/** When the map has the size that the results leave it. */
function afterLayout(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(act));
}

const isEmpty = ({ query, like, picture }: SearchState): boolean =>
  query.trim() === "" && like.length === 0 && picture === null;

async function run(asked: SearchState, signal: AbortSignal): Promise<void> {
  try {
    const answer = await ask(asked, signal);
    if (!signal.aborted) update({ status: "done", answer, message: null });
  } catch (error) {
    if (signal.aborted) return;
    const hint = error instanceof ApiFailure ? error.hint : "Is concept explore still running?";
    const message = error instanceof ApiFailure ? error.message : "The server does not answer";
    update({ status: "failed", message: hint === undefined ? message : `${message}. ${hint}` });
  }
}

function ask({ query, like, picture }: SearchState, signal: AbortSignal): Promise<ApiSearchAnswer> {
  const options = { query: query.trim(), limit: MOST_RESULTS };
  if (picture !== null) return searchPicture(picture.file, options, signal);
  return search({ ...options, like }, signal);
}

function update(part: Partial<SearchState>): void {
  setState({ search: { ...useExplorer.getState().search, ...part } });
}
