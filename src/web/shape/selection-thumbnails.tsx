import type { ReactElement } from "react";
import { pictureUrl } from "../api/client.ts";

/** A few pictures that stand for a selection. */
export function SelectionThumbnails({ rows }: { readonly rows: readonly number[] }): ReactElement {
  return (
    <div className="selection-thumbnails" aria-hidden>
      {rows.map((row) => (
        <img key={row} src={pictureUrl(row, 128)} alt="" draggable={false} />
      ))}
    </div>
  );
}
