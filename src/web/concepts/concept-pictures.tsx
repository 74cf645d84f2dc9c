import { type ReactElement, useState } from "react";
import { PictureTile } from "../picture/picture-tile.tsx";
import { countText } from "../ui/count-text.ts";

const FIRST = 15;
const MORE = 60;

interface ConceptPicturesProps {
  /** The surest first. */
  readonly rows: readonly number[];
  /** Whether there is such a thing as surest. */
  readonly isSure: boolean;
}

/** The pictures of a concept, more of them on demand. */
export function ConceptPictures({ rows, isSure }: ConceptPicturesProps): ReactElement {
  const [shown, setShown] = useState(FIRST);
  const left = rows.length - shown;
  return (
    <section className="concept-pictures" aria-label="Pictures">
      <h3>{isSure ? "Pictures, the surest first" : "Pictures"}</h3>
      <div className="concept-pictures-grid">
        {rows.slice(0, shown).map((row, place) => (
          <PictureTile key={row} row={row} place={place} list={rows} />
        ))}
      </div>
      {left > 0 ? (
        <button type="button" className="button" onClick={() => setShown(shown + MORE)}>
          {countText(Math.min(MORE, left))} more of {countText(left)}
        </button>
      ) : null}
    </section>
  );
}
