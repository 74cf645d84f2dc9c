import type { ReactElement } from "react";
import { ConceptPanel } from "./concepts/concept-panel.tsx";
import { MapView } from "./map/map-view.tsx";
import { PictureDialog } from "./picture/picture-dialog.tsx";
import { useExplorer } from "./state/store.ts";
import { Notices } from "./ui/notices.tsx";
import { TopBar } from "./ui/top-bar.tsx";

export function App(): ReactElement {
  const failure = useExplorer((state) => state.failure);
  const isOpen = useExplorer((state) => state.model !== null && state.points !== null);
  if (failure !== null) {
    return (
      <main className="failure" role="alert">
        <h1>{failure.message}</h1>
        <p>{failure.hint}</p>
      </main>
    );
  }
  return (
    <div className="explorer" aria-busy={!isOpen}>
      <TopBar />
      <ConceptPanel />
      <main className="stage">{isOpen ? <MapView /> : null}</main>
      <PictureDialog />
      <Notices />
    </div>
  );
}
