import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { stepPicture } from "./open-picture.ts";
import { PictureImage } from "./picture-image.tsx";

/** The picture itself, and the ways to those before and after it. */
export function PictureLarge({ row }: { readonly row: number }): ReactElement {
  const list = useExplorer((state) => state.openList);
  const place = list.indexOf(row);
  const isInList = list.length > 1 && place >= 0;
  return (
    <div className="picture-large">
      <PictureImage key={row} row={row} />
      {isInList ? (
        <>
          <button
            type="button"
            className="icon-button picture-step"
            data-step="previous"
            aria-label="Previous picture"
            aria-disabled={place === 0}
            onClick={() => stepPicture(-1)}
          >
            <ChevronLeft aria-hidden />
          </button>
          <button
            type="button"
            className="icon-button picture-step"
            data-step="next"
            aria-label="Next picture"
            aria-disabled={place === list.length - 1}
            onClick={() => stepPicture(1)}
          >
            <ChevronRight aria-hidden />
          </button>
          <p className="picture-place number" aria-live="polite">
            {countText(place + 1)} of {countText(list.length)}
          </p>
        </>
      ) : null}
    </div>
  );
}
