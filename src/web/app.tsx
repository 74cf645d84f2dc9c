import type { ReactElement } from "react";
import { PictureDialog } from "./picture/picture-dialog.tsx";
import { DropTarget } from "./search/drop-target.tsx";
import { ResultsDrawer } from "./search/results-drawer.tsx";
import { useExplorer } from "./state/store.ts";
import { Failure } from "./ui/failure.tsx";
import { Notices } from "./ui/notices.tsx";
import { SidePanel } from "./ui/side-panel.tsx";
import { Stage } from "./ui/stage.tsx";
import { TopBar } from "./ui/top-bar.tsx";

export function App(): ReactElement {
  const failure = useExplorer((state) => state.failure);
  const isOpen = useExplorer((state) => state.model !== null && state.points !== null);
  const sheet = useExplorer((state) => state.sheet);
  if (failure !== null) return <Failure failure={failure} />;
  return (
    <div className="explorer" aria-busy={!isOpen} data-sheet={sheet}>
      <TopBar />
      <SidePanel />
      <Stage />
      <ResultsDrawer />
      <PictureDialog />
      <Notices />
      <DropTarget />
    </div>
  );
}
