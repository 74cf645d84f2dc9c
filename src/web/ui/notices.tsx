import { X } from "lucide-react";
import type { ReactElement } from "react";
import { dismissNotice } from "../state/notices.ts";
import { useExplorer } from "../state/store.ts";
import "./notices.css";

/** What went wrong or was done elsewhere, until it is put away. */
export function Notices(): ReactElement {
  const notices = useExplorer((state) => state.notices);
  return (
    <div className="notices" aria-live="polite">
      {notices.map(({ id, tone, text, hint }) => (
        <div key={id} className={`notice notice-${tone}`}>
          <p>
            {text}
            {hint === undefined ? null : <span className="notice-hint">{hint}</span>}
          </p>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => dismissNotice(id)}
          >
            <X aria-hidden />
          </button>
        </div>
      ))}
    </div>
  );
}
