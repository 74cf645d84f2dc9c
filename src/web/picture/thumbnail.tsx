import { type CSSProperties, memo, type NamedExoticComponent, type ReactElement, useState } from "react";
import { pictureUrl, sheetUrl } from "../api/client.ts";
import { type ExplorerState, useExplorer } from "../state/store.ts";
import { sheetCell } from "./sheet-cell.ts";
import "./thumbnail.css";

/** The detail sheets: cells of 128 pixels. */
const LEVEL = 1;
const PIXELS = 128;

/** A small square picture: a cell of a sheet once all are drawn, before that a picture of its own. Says nothing to screen readers. */
export const Thumbnail: NamedExoticComponent<{ readonly row: number }> = memo(SmallPicture);

function SmallPicture({ row }: { readonly row: number }): ReactElement {
  // The first answer holds: a picture that is there already need not come from a sheet.
  const [sheet] = useState(() => drawnCell(useExplorer.getState(), row));
  const [state, setState] = useState<"loading" | "there" | "gone">("loading");
  const hasPictures = useExplorer((state) => state.model?.hasPictures ?? false);
  if (!hasPictures || state === "gone") return <span className="thumbnail thumbnail-gone" />;
  if (sheet !== null) return <span className="thumbnail" style={sheet} />;
  return (
    <img
      className="thumbnail"
      src={pictureUrl(row, PIXELS)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      data-state={state}
      onLoad={() => setState("there")}
      onError={() => setState("gone")}
    />
  );
}

function drawnCell({ thumbnails, model, points }: ExplorerState, row: number): CSSProperties | null {
  const level = model?.sheets[LEVEL];
  if (level === undefined || points === null || thumbnails.of === 0 || thumbnails.done < thumbnails.of)
    return null;
  const { sheet, position, size } = sheetCell(level, points.slots[row]!);
  return {
    backgroundImage: `url("${sheetUrl(LEVEL, sheet)}")`,
    backgroundPosition: position,
    backgroundSize: size,
  };
}
