import { ImageOff } from "lucide-react";
import { type ReactElement, useState } from "react";
import { pictureUrl } from "../api/client.ts";

/** Pixels of the longer side that are asked for. */
const PIXELS = 1600;
/** Small pictures are shown so wide, though not so much larger that nothing is to be seen but squares. */
const WIDTH = 420;
const MOST_ENLARGED = 12;

/** A picture as large as it is, or why it cannot be shown. */
export function PictureImage({ row }: { readonly row: number }): ReactElement {
  const [state, setState] = useState<"loading" | "there" | "gone">("loading");
  const [width, setWidth] = useState<number | undefined>(undefined);
  if (state === "gone") {
    return (
      <p className="picture-gone">
        <ImageOff aria-hidden />
        This picture cannot be shown: its file is not there any more, or cannot be read.
      </p>
    );
  }
  return (
    <img
      className="picture-image"
      data-state={state}
      src={pictureUrl(row, PIXELS)}
      alt="Shown large"
      style={{ width }}
      onLoad={({ currentTarget: { naturalWidth } }) => {
        setWidth(Math.max(naturalWidth, Math.min(WIDTH, naturalWidth * MOST_ENLARGED)));
        setState("there");
      }}
      onError={() => setState("gone")}
    />
  );
}
