import { type ReactElement, useState } from "react";
import { useExplorer } from "../state/store.ts";
import { remember, remembered } from "./remember.ts";

/** Says once what is to be seen, to those who have never seen such a map. */
export function FirstHint(): ReactElement | null {
  const isOpen = useExplorer((state) => state.points !== null && state.points.concepts.length > 1);
  const [isKnown, setKnown] = useState(() => remembered("hint") !== null);
  const isIdle = useExplorer((state) => state.search.status === "idle");
  if (isKnown || !isOpen || !isIdle) return null;
  const close = (): void => {
    remember("hint", "seen");
    setKnown(true);
  };
  return (
    <section className="stage-card first-hint" aria-label="How to read the map">
      <p>
        <strong>Every dot is a picture.</strong> Alike ones lie together. Each colour is a concept: a group
        that was found, and named by words that fit. Zoom in, or press a name.
      </p>
      <button type="button" className="button" onClick={close}>
        Got it
      </button>
    </section>
  );
}
