import type { ReactElement } from "react";
import { pictureUrl } from "../api/client.ts";
import { setState, useExplorer } from "../state/store.ts";

export function PictureDialog(): ReactElement | null {
  const row = useExplorer((state) => state.openRow);
  if (row === null) return null;
  return (
    <dialog open aria-label="Picture">
      <img src={pictureUrl(row, 1024)} alt="" />
      <button type="button" onClick={() => setState({ openRow: null })}>
        Close
      </button>
    </dialog>
  );
}
