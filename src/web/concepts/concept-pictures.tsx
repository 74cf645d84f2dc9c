import { type ReactElement, useState } from "react";
import { PictureTile } from "../picture/picture-tile.tsx";
import { countText } from "../ui/count-text.ts";

const FIRST = 15;
const MORE = 60;

interface ConceptPicturesProps {
  readonly rows: readonly number[];
  /** What they are and how they are put in order. */
  readonly title: string;
}

/** The pictures of a concept, more of them on demand. */
export function ConceptPictures({ rows, title }: ConceptPicturesProps): ReactElement {
  const [shown, setShown] = useState(FIRST);
  const left = rows.length - shown;
  return (
    <section className="concept-pictures" aria-label="Pictures">
      <h3>{title}</h3>
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
