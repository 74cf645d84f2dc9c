import { ImageUp } from "lucide-react";
import { type ReactElement, useEffect, useState } from "react";
import { notify } from "../state/notices.ts";
import { useExplorer } from "../state/store.ts";
import { searchPictureFile } from "./edit-search.ts";
import "./drop-target.css";

/** Takes pictures that are dropped or pasted anywhere on the page. */
export function DropTarget(): ReactElement | null {
  const [isOver, setOver] = useState(false);
  useEffect(() => listen(setOver), []);
  if (!isOver) return null;
  return (
    <div className="drop-target">
      <p>
        <ImageUp aria-hidden />
        Drop the picture to find ones like it
      </p>
    </div>
  );
}

function listen(setOver: (isOver: boolean) => void): () => void {
  const leaving = new AbortController();
  const options = { signal: leaving.signal };
  addEventListener(
    "dragover",
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(true);
    },
    options,
  );
  addEventListener(
    "dragleave",
    ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    },
    options,
  );
  addEventListener(
    "drop",
    (event) => {
      setOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      take(event.dataTransfer);
    },
    options,
  );
  addEventListener(
    "paste",
    ({ clipboardData }) => {
      if (hasFiles(clipboardData)) take(clipboardData);
    },
    options,
  );
  return () => leaving.abort();
}

function hasFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes("Files") ?? false;
}

function take({ files }: DataTransfer): void {
  if (useExplorer.getState().model?.searches.pictures !== true) {
    notify({
      tone: "info",
      text: "Pictures cannot be searched with here.",
      hint: "The model was made from vectors, or its embedding model cannot be loaded.",
    });
    return;
  }
  const picture = [...files].find(({ type }) => type.startsWith("image/"));
  if (picture === undefined)
    notify({ tone: "info", text: "That is no picture.", hint: "Drop a JPEG, PNG, WebP or AVIF file." });
  else searchPictureFile(picture);
}
