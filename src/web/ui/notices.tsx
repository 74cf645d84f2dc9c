import type { ReactElement } from "react";
import { dismissNotice } from "../state/notices.ts";
import { useExplorer } from "../state/store.ts";

/** What went wrong or was done elsewhere, until it is put away. */
export function Notices(): ReactElement {
  const notices = useExplorer((state) => state.notices);
  return (
    <div className="notices" aria-live="polite">
      {notices.map(({ id, tone, text, hint }) => (
        <p key={id} className={`notice notice-${tone}`}>
          <span>
            {text} {hint}
          </span>
          <button type="button" aria-label="Dismiss" onClick={() => dismissNotice(id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
