import type { ReactElement } from "react";
import { Thumbnail } from "../picture/thumbnail.tsx";

/** A few pictures that stand for a selection. */
export function SelectionThumbnails({ rows }: { readonly rows: readonly number[] }): ReactElement {
  return (
    <div className="selection-thumbnails" aria-hidden>
      {rows.map((row) => (
        <Thumbnail key={row} row={row} />
      ))}
    </div>
  );
}
