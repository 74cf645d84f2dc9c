import { MapPin, ScanSearch } from "lucide-react";
import type { ReactElement } from "react";
import { fetchImage } from "../api/client.ts";
import { ConceptChip } from "../concepts/concept-chip.tsx";
import { searchSimilar } from "../search/edit-search.ts";
import { useExplorer } from "../state/store.ts";
import { percentText } from "../ui/count-text.ts";
import { showOnMap } from "./open-picture.ts";
import { PictureColumns } from "./picture-columns.tsx";
import { PicturePath } from "./picture-path.tsx";
import { useAnswer } from "./use-answer.ts";

/** Concept, captions, columns and path of a picture. */
export function PictureFacts({ row }: { readonly row: number }): ReactElement {
  const { answer: image, isOf, failure } = useAnswer(row, fetchImage);
  const concept = useExplorer((state) => state.points?.concepts[row]) ?? -1;
  const probability = useExplorer((state) => state.points?.probabilities[row]) ?? 0;
  const shown = isOf === row ? image : null;
  return (
    <section className="picture-facts" aria-label="About this picture">
      <p className="picture-concept">
        <ConceptChip id={concept} />
        {concept === -1 ? null : (
          <span className="quiet number" title="How firmly the picture belongs to its concept (probability)">
            {percentText(probability)} sure
          </span>
        )}
      </p>
      <div className="picture-actions">
        <button type="button" className="button" onClick={() => searchSimilar(row)}>
          <ScanSearch aria-hidden />
          Find similar
        </button>
        <button type="button" className="button" onClick={() => showOnMap(row)}>
          <MapPin aria-hidden />
          Show on map
        </button>
      </div>
      {shown?.file === "changed" ? (
        <p className="callout">
          The file has changed since the model was made: concept and neighbours are those of the old picture.
        </p>
      ) : null}
      {shown?.file === "missing" ? (
        <p className="callout">The file is not there any more. What the model knows of it stays.</p>
      ) : null}
      {failure === null ? null : <p className="callout">{failure}</p>}
      {shown === null || shown.captions.length === 0 ? null : (
        <ul className="picture-captions" aria-label="Captions">
          {shown.captions.map((caption) => (
            <li key={caption}>{caption}</li>
          ))}
        </ul>
      )}
      {shown === null ? null : <PictureColumns columns={shown.columns} />}
      {shown === null ? (
        <span className="skeleton picture-path-skeleton" />
      ) : (
        <PicturePath path={shown.path} />
      )}
    </section>
  );
}
