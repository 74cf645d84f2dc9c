import type { ReactElement } from "react";
import { Palette } from "../shape/palette.tsx";
import { viewLink } from "../state/view-link.ts";

/** The link to copy by hand, where the page may not write to the clipboard. */
export function LinkDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { address, left } = viewLink();
  return (
    <Palette title="Link to this view" onClose={onClose}>
      <input
        className="field link-field"
        data-first
        readOnly
        aria-label="Link to this view"
        value={address}
        onFocus={({ target }) => target.select()}
      />
      {left === null ? null : <p className="quiet">{left}</p>}
    </Palette>
  );
}
