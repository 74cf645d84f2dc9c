import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { percentText } from "./count-text.ts";
import { FirstHint } from "./first-hint.tsx";

const TROUBLES = {
  lost: "The server does not answer. Is concept explore still running? Trying again.",
  gone: "The model's folder cannot be read any more. You can look around still, but changes cannot be saved.",
} as const;

/** What goes on in the background: thumbnails being drawn, a server that does not answer. */
export function StageStatus(): ReactElement {
  const { done, of } = useExplorer((state) => state.thumbnails);
  const connection = useExplorer((state) => state.connection);
  return (
    <div className="stage-corner stage-status">
      <FirstHint />
      <div role="status">
        {connection === "open" ? null : <p className="stage-card stage-trouble">{TROUBLES[connection]}</p>}
        {connection === "open" && done < of ? (
          <p className="stage-card quiet number">Drawing thumbnails, {percentText(done / of)}</p>
        ) : null}
      </div>
    </div>
  );
}
