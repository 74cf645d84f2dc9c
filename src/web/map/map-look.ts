import { emphasis, groupsOf, lastingEmphasis, sameEmphasis } from "../state/emphasis.ts";
import type { ExplorerState } from "../state/store.ts";
import type { Theme } from "./palette.ts";
import { pointColors } from "./point-colors.ts";

export interface LookChanges {
  readonly colors: boolean;
  /** Which pictures are lit for as long as nothing else is asked for. */
  readonly lasting: boolean;
}

/** How the points look: their colours, and which are lit. Kept as flat arrays, made anew only when what they depend on changes. */
export class MapLook {
  colors: Uint8Array = new Uint8Array(0);
  /** 1 for rows that are lit; null where all are. */
  lit: Uint8Array | null = null;
  /** As `lit`, without what is only pointed at. */
  lasting: Uint8Array | null = null;
  theme: Theme;
  private state: ExplorerState | null = null;

  constructor(theme: Theme) {
    this.theme = theme;
  }

  /** Follows the state. */
  update(state: ExplorerState, theme: Theme): LookChanges {
    const { state: before, theme: themeBefore } = this;
    this.state = state;
    this.theme = theme;
    const isLitAnew = before === null || !sameEmphasis(state, before);
    if (isLitAnew) this.lit = emphasis(state);
    const isLastingAnew = before === null || !sameEmphasis(withoutPointing(state), withoutPointing(before));
    if (isLastingAnew) this.lasting = lastingEmphasis(state);
    const isColored =
      isLitAnew ||
      theme !== themeBefore ||
      state.colorBy !== before?.colorBy ||
      state.model !== before.model ||
      (state.colorBy.kind === "column" && state.columns !== before.columns);
    if (isColored) this.paint(state);
    return { colors: isColored, lasting: isLastingAnew };
  }

  private paint(state: ExplorerState): void {
    const { points, model, colorBy, columns } = state;
    if (points === null || model === null) return;
    const hidden = new Set(model.concepts.filter((concept) => concept.hidden).map(({ id }) => id));
    const sources = {
      colorBy,
      columns,
      hidden,
      theme: this.theme,
      groups: groupsOf(state)!,
      probabilities: points.probabilities,
    };
    this.colors = pointColors(sources, this.lit);
  }
}

function withoutPointing(state: ExplorerState): ExplorerState {
  return { ...state, hoveredConcept: null, hoveredGroup: null };
}
