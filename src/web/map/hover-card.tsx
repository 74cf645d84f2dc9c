import { type ReactElement, useEffect, useRef, useState } from "react";
import type { ApiImage } from "../../core/explorer/api.ts";
import { conceptColor, cssColor } from "../../core/view/concept-color.ts";
import { fetchImage, pictureUrl } from "../api/client.ts";
import { groupsOf } from "../state/emphasis.ts";
import { useExplorer } from "../state/store.ts";
import { percentText } from "../ui/count-text.ts";
import { useShownTheme } from "../ui/use-shown-theme.ts";
import { useMapStatus } from "./map-status.ts";

/** Milliseconds that a pointer rests before the card comes; the next one comes sooner. */
const REST = 140;
const NEXT = 50;
const PICTURE_SIDE = 256;
const MOST_CAPTIONS = 2;

/** The picture that is pointed at, with its concept, probability and captions. */
export function HoverCard(): ReactElement | null {
  const row = useMapStatus((state) => state.pointedRow);
  const image = useRestedImage(row);
  const theme = useShownTheme();
  const concept = useExplorer((state) =>
    image === null ? -1 : (groupsOf(state)?.[image.row] ?? image.concept),
  );
  const name = useExplorer((state) => state.model?.concepts.find(({ id }) => id === concept)?.name);
  if (image === null) return null;
  return (
    <div className="map-card" role="status">
      <img src={pictureUrl(image.row, PICTURE_SIDE)} alt="" />
      <p className="map-card-concept">
        <span className="swatch" style={{ background: cssColor(conceptColor(concept, theme)) }} />
        <span dir="auto">{concept === -1 ? "In no concept" : (name ?? "A new concept")}</span>
        {concept === -1 ? null : <span className="quiet number">{percentText(image.probability)} sure</span>}
      </p>
      {image.captions.slice(0, MOST_CAPTIONS).map((caption) => (
        <p key={caption} dir="auto" className="map-card-caption">
          {caption}
        </p>
      ))}
      <p className="map-card-path quiet">
        <bdi>{image.path}</bdi>
      </p>
    </div>
  );
}

/** What the server knows of a row, once the pointer has rested on it. */
function useRestedImage(row: number | null): ApiImage | null {
  const [image, setImage] = useState<ApiImage | null>(null);
  const isShown = useRef(false);
  isShown.current = image !== null;
  useEffect(() => {
    if (row === null) return setImage(null);
    const leaving = new AbortController();
    const timer = setTimeout(
      () => {
        // A card that cannot be had is no reason to say anything: the next one may come.
        fetchImage(row, leaving.signal).then(
          (answer) => {
            if (!leaving.signal.aborted) setImage(answer);
          },
          () => setImage(null),
        );
      },
      isShown.current ? NEXT : REST,
    );
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [row]);
  return row === null ? null : image;
}
