import { conceptIdsOf, linkedFilters, linkedView } from "../take/linked-state.ts";
import { decodeView, encodeView, type LinkedView } from "../take/linked-view.ts";
import { decodeRows } from "../take/row-runs.ts";
import { loadColumn } from "./columns.ts";
import { EMPTY_SEARCH, type ExplorerState, setState, useExplorer } from "./store.ts";

/** Milliseconds without a change until the address follows: browsers take only so many. */
const REST = 250;

/** The address of what is looked at, and what did not fit into it, in words. */
export function viewLink(): { readonly address: string; readonly left: string | null } {
  const state = useExplorer.getState();
  const linked = linkedView(state);
  const address = new URL(location.href);
  address.hash = encodeView(linked);
  const isCut = state.selection !== null && linked.selection === null;
  const left = [
    ...(isCut ? ["The selection is too large for a link and is not in it."] : []),
    ...(state.search.picture === null ? [] : ["The picture that you search with is not in it."]),
  ];
  return { address: address.href, left: left.length === 0 ? null : left.join(" ") };
}

/** Shows what the address says as soon as the model is there, and keeps the address true from then on. */
export function followViewLink(): void {
  // The map and the panel begin where they are to be.
  const { view, panel } = decodeView(location.hash);
  setState({ view, panel });
  const unwait = useExplorer.subscribe((state) => {
    if (state.model === null || state.points === null) return;
    unwait();
    void showLinked(decodeView(location.hash)).finally(writeChanges);
  });
  addEventListener("hashchange", () => void showLinked(decodeView(location.hash)));
}

function writeChanges(): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  useExplorer.subscribe(() => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const hash = encodeView(linkedView(useExplorer.getState()));
      if (hash === location.hash.replace(/^#/, "")) return;
      history.replaceState(history.state, "", hash === "" ? location.pathname + location.search : `#${hash}`);
    }, REST);
  });
}

/** What of a link still fits the model is shown; the rest is passed over. */
async function showLinked(linked: LinkedView): Promise<void> {
  const { model } = useExplorer.getState();
  if (model === null) return;
  const isSame = linked.collection === null || linked.collection === model.collection;
  const fits = (row: number): boolean => isSame && row < model.images;
  const { color, focus, query, like, open, panel, view, selection } = linked;
  const column =
    typeof color === "object" ? model.columns.findIndex(({ name }) => name === color.column) : -1;
  const known = conceptIdsOf(model);
  setState({
    panel,
    search: { ...EMPTY_SEARCH, query, like: like.filter(fits) },
    focusedConcept: focus !== null && known.has(focus) ? focus : null,
    openRow: open !== null && fits(open) ? open : null,
    selection: selection !== null && isSame ? decodeRows(selection, model.images) : null,
    colorBy: colorOf(color, column),
  });
  // After the concept, to which the map would fly.
  if (view !== null) setState({ view });
  const wanted = linkedFilters(model, linked.filters);
  await Promise.all([...wanted.columns, ...(column === -1 ? [] : [column])].map(loadColumn));
  setState({ filters: wanted.resolve(useExplorer.getState().columns) });
}

function colorOf(color: LinkedView["color"], column: number): ExplorerState["colorBy"] {
  if (typeof color === "object")
    return column === -1 ? { kind: "concept" } : { kind: "column", index: column };
  return { kind: color };
}
