import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { percentText } from "./count-text.ts";

/** What goes on in the background: thumbnails being drawn, a server that does not answer. */
export function StageStatus(): ReactElement {
  const { done, of } = useExplorer((state) => state.thumbnails);
  const isLost = useExplorer((state) => state.connection === "lost");
  return (
    <div className="stage-corner stage-status" role="status">
      {isLost ? (
        <p className="stage-card stage-lost">
          The server does not answer. Is <code>concept explore</code> still running? Trying again.
        </p>
      ) : null}
      {!isLost && done < of ? (
        <p className="stage-card quiet number">Drawing thumbnails, {percentText(done / of)}</p>
      ) : null}
    </div>
  );
}
