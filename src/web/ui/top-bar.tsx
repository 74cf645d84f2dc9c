import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";

export function TopBar(): ReactElement {
  const model = useExplorer((state) => state.model);
  return (
    <header className="top-bar">
      <h1>{model?.name ?? ""}</h1>
    </header>
  );
}
