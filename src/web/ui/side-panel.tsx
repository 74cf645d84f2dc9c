import type { KeyboardEvent, ReactElement } from "react";
import { ComparePanel } from "../compare/compare-panel.tsx";
import { ConceptPanel } from "../concepts/concept-panel.tsx";
import { TreePanel } from "../concepts/tree-panel.tsx";
import { RecutControls } from "../shape/recut-controls.tsx";
import { type ExplorerState, setState, useExplorer } from "../state/store.ts";
import { SheetHandle } from "./sheet-handle.tsx";
import "./side-panel.css";

type Panel = ExplorerState["panel"];

const TABS: readonly { readonly panel: Panel; readonly name: string }[] = [
  { panel: "concepts", name: "Concepts" },
  { panel: "tree", name: "Groups" },
  { panel: "compare", name: "Compare" },
];

/** The concepts, as a list, as a tree, and compared. */
export function SidePanel(): ReactElement {
  const panel = useExplorer((state) => state.panel);
  return (
    <aside className="side-panel" aria-label="Concepts">
      <SheetHandle />
      <div className="tabs" role="tablist" aria-label="Views of the concepts" onKeyDown={moveByArrows}>
        {TABS.map((tab) => (
          <button
            key={tab.panel}
            type="button"
            role="tab"
            id={`tab-${tab.panel}`}
            aria-controls="side-panel-body"
            aria-selected={panel === tab.panel}
            tabIndex={panel === tab.panel ? 0 : -1}
            onClick={() => setState({ panel: tab.panel })}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div id="side-panel-body" className="side-panel-body" role="tabpanel" aria-labelledby={`tab-${panel}`}>
        {panel === "concepts" ? <ConceptPanel /> : null}
        {panel === "tree" ? <TreePanel /> : null}
        {panel === "compare" ? <ComparePanel /> : null}
      </div>
      {panel === "compare" ? null : <RecutControls />}
    </aside>
  );
}

function moveByArrows({ key, currentTarget }: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) return;
  const place = TABS.findIndex(({ panel }) => panel === useExplorer.getState().panel);
  const next = (place + step + TABS.length) % TABS.length;
  setState({ panel: TABS[next]!.panel });
  currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
}
