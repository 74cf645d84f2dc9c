import { EMPTY_SEARCH, type SearchState, setState, useExplorer } from "../state/store.ts";

/** What is searched for; follow-search.ts sees that it is. */
function change(part: Partial<SearchState>): void {
  setState({ search: { ...useExplorer.getState().search, ...part } });
}

export const setQuery = (query: string): void => change({ query });

/** Looks for pictures like this one, in place of what was looked for. */
export function searchSimilar(row: number): void {
  freePicture();
  setState({
    openRow: null,
    openList: [],
    search: { ...useExplorer.getState().search, query: "", picture: null, like: [row] },
  });
}

/** Looks for pictures like one from outside of the collection. */
export function searchPictureFile(file: File): void {
  freePicture();
  change({ picture: { file, url: URL.createObjectURL(file) }, like: [] });
}

export function removePicture(): void {
  freePicture();
  change({ picture: null, like: [] });
}

export function clearSearch(): void {
  freePicture();
  setState({ search: EMPTY_SEARCH });
}

function freePicture(): void {
  const { picture } = useExplorer.getState().search;
  if (picture !== null) URL.revokeObjectURL(picture.url);
}
