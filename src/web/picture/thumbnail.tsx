import { type CSSProperties, memo, type NamedExoticComponent, type ReactElement, useState } from "react";
import type { ApiSheetLevel } from "../../core/explorer/api.ts";
import { pictureUrl, sheetUrl } from "../api/client.ts";
import { type ExplorerState, useExplorer } from "../state/store.ts";
import "./thumbnail.css";

/** The detail sheets: cells of 128 pixels. */
const LEVEL = 1;
const PIXELS = 128;

/** A small square picture: a cell of a sheet once all are drawn, before that a picture of its own. Says nothing to screen readers. */
export const Thumbnail: NamedExoticComponent<{ readonly row: number }> = memo(SmallPicture);

function SmallPicture({ row }: { readonly row: number }): ReactElement {
  // The first answer holds: a picture that is there already need not come from a sheet.
  const [sheet] = useState(() => sheetCell(useExplorer.getState(), row));
  const [isGone, setGone] = useState(false);
  const hasPictures = useExplorer((state) => state.model?.hasPictures ?? false);
  if (!hasPictures || isGone) return <span className="thumbnail thumbnail-gone" />;
  if (sheet !== null) return <span className="thumbnail" style={sheet} />;
  return (
    <img
      className="thumbnail"
      src={pictureUrl(row, PIXELS)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setGone(true)}
    />
  );
}

function sheetCell({ thumbnails, model, points }: ExplorerState, row: number): CSSProperties | null {
  const level = model?.sheets[LEVEL];
  if (level === undefined || points === null || thumbnails.of === 0 || thumbnails.done < thumbnails.of)
    return null;
  return cellStyle(level, points.slots[row]!);
}

/** In percent, so that it holds for thumbnails of every size. */
export function cellStyle({ columns, rows }: ApiSheetLevel, slot: number): CSSProperties {
  const cell = slot % (columns * rows);
  const column = cell % columns;
  const line = Math.floor(cell / columns);
  const along = (place: number, of: number): number => (of === 1 ? 0 : (100 * place) / (of - 1));
  return {
    backgroundImage: `url("${sheetUrl(LEVEL, Math.floor(slot / (columns * rows)))}")`,
    backgroundSize: `${100 * columns}% ${100 * rows}%`,
    backgroundPosition: `${along(column, columns)}% ${along(line, rows)}%`,
  };
}
