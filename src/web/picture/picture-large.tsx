import { ChevronLeft, ChevronRight, ImageOff } from "lucide-react";
import { type ReactElement, useState } from "react";
import { pictureUrl } from "../api/client.ts";
import { useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { stepPicture } from "./open-picture.ts";

/** Pixels of the longer side that are asked for. */
const PIXELS = 1600;
/** Small pictures are shown so wide, though not so much larger that nothing is to be seen but squares. */
const WIDTH = 420;
const MOST_ENLARGED = 12;

/** The picture itself, and the ways to those before and after it. */
export function PictureLarge({ row }: { readonly row: number }): ReactElement {
  const [state, setState] = useState<"loading" | "there" | "gone">("loading");
  const [width, setWidth] = useState<number | undefined>(undefined);
  const list = useExplorer((explorer) => explorer.openList);
  const place = list.indexOf(row);
  return (
    <div className="picture-large" data-state={state}>
      {state === "gone" ? (
        <p className="picture-gone">
          <ImageOff aria-hidden />
          This picture cannot be shown: its file is not there any more, or cannot be read.
        </p>
      ) : (
        <img
          src={pictureUrl(row, PIXELS)}
          alt="Shown large"
          style={{ width }}
          onLoad={({ currentTarget }) => {
            const { naturalWidth } = currentTarget;
            setWidth(Math.max(naturalWidth, Math.min(WIDTH, naturalWidth * MOST_ENLARGED)));
            setState("there");
          }}
          onError={() => setState("gone")}
        />
      )}
      {list.length > 1 && place >= 0 ? (
        <>
          <button
            type="button"
            className="icon-button picture-step"
            data-step="previous"
            aria-label="Previous picture"
            disabled={place === 0}
            onClick={() => stepPicture(-1)}
          >
            <ChevronLeft aria-hidden />
          </button>
          <button
            type="button"
            className="icon-button picture-step"
            data-step="next"
            aria-label="Next picture"
            disabled={place === list.length - 1}
            onClick={() => stepPicture(1)}
          >
            <ChevronRight aria-hidden />
          </button>
          <p className="picture-place number">
            {countText(place + 1)} of {countText(list.length)}
          </p>
        </>
      ) : null}
    </div>
  );
}
