import type { ReactElement } from "react";
import { SearchBox } from "../search/search-box.tsx";
import { UndoButtons } from "../shape/undo-buttons.tsx";
import { useExplorer } from "../state/store.ts";
import { TakeMenu } from "../take/take-menu.tsx";
import { ModelSummary } from "./model-summary.tsx";
import { ThemeButton } from "./theme-button.tsx";
import "./top-bar.css";

export function TopBar(): ReactElement {
  const model = useExplorer((state) => state.model);
  return (
    <header className="top-bar">
      <ModelSummary model={model} />
      <SearchBox />
      <div className="top-bar-tools">
        <UndoButtons />
        <TakeMenu />
        <ThemeButton />
      </div>
    </header>
  );
}
