import { ScanSearch } from "lucide-react";
import type { ReactElement } from "react";
import { searchSimilar } from "../search/edit-search.ts";
import { setState, useExplorer } from "../state/store.ts";
import { openPicture } from "./open-picture.ts";
import { Thumbnail } from "./thumbnail.tsx";

interface PictureTileProps {
  readonly row: number;
  /** Place of the picture in `list`. */
  readonly place: number;
  readonly list: readonly number[];
}

/** A thumbnail that lights its point on the map and opens its picture. */
export function PictureTile({ row, place, list }: PictureTileProps): ReactElement {
  const isHovered = useExplorer((state) => state.hoveredRow === row);
  const light = (): void => setState({ hoveredRow: row });
  const darken = (): void => setState({ hoveredRow: null });
  const name = `Picture ${place + 1} of ${list.length}`;
  return (
    <div className="picture-tile" onPointerEnter={light} onPointerLeave={darken}>
      <button
        type="button"
        className="picture-tile-open"
        aria-label={name}
        data-hovered={isHovered || undefined}
        data-row={row}
        onFocus={light}
        onBlur={darken}
        onClick={() => openPicture(row, list)}
      >
        <Thumbnail key={row} row={row} />
      </button>
      <button
        type="button"
        className="icon-button picture-tile-similar"
        aria-label={`More like picture ${place + 1}`}
        title="More like this"
        tabIndex={-1}
        onClick={() => searchSimilar(row)}
      >
        <ScanSearch aria-hidden />
      </button>
    </div>
  );
}
