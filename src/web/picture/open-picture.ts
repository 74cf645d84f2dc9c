import { setState, useExplorer } from "../state/store.ts";

/** Shows a picture large. @param list the rows that previous and next go through */
export const openPicture = (row: number, list: readonly number[]): void =>
  setState({ openRow: row, openList: list });

export const closePicture = (): void => setState({ openRow: null, openList: [] });

/** Goes forwards (1) or backwards (-1) in the list that the open picture came from; stays at its ends. */
export function stepPicture(step: 1 | -1): void {
  const { openRow, openList } = useExplorer.getState();
  const next = openRow === null ? undefined : openList[openList.indexOf(openRow) + step];
  if (next !== undefined && openList.includes(openRow!)) setState({ openRow: next });
}

/** Makes the map fly to a picture, and marks it there. */
export const showOnMap = (row: number): void =>
  setState({ openRow: null, openList: [], shownRow: row, sheet: "low" });
