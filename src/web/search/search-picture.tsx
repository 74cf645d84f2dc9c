import { X } from "lucide-react";
import type { ReactElement } from "react";
import { Thumbnail } from "../picture/thumbnail.tsx";
import { useExplorer } from "../state/store.ts";
import { removePicture } from "./edit-search.ts";

/** The picture that is searched with: a dropped one, or one of the collection. */
export function SearchPicture(): ReactElement | null {
  const picture = useExplorer((state) => state.search.picture);
  const like = useExplorer((state) => state.search.like);
  const row = like[0];
  if (picture === null && row === undefined) return null;
  return (
    <span className="search-picture">
      {picture === null ? (
        <Thumbnail key={row} row={row!} />
      ) : (
        <img className="thumbnail" src={picture.url} alt="" />
      )}
      <button type="button" aria-label="Take the picture out of the search" onClick={removePicture}>
        <X aria-hidden />
      </button>
    </span>
  );
}
