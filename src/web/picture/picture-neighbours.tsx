import type { ReactElement } from "react";
import { fetchNeighbours } from "../api/client.ts";
import { useExplorer } from "../state/store.ts";
import { openPicture } from "./open-picture.ts";
import { Thumbnail } from "./thumbnail.tsx";
import { useAnswer } from "./use-answer.ts";

const COUNT = 12;

const ask = (row: number, signal: AbortSignal): ReturnType<typeof fetchNeighbours> =>
  fetchNeighbours(row, COUNT, signal);

/** The pictures most like this one; a click goes there, and previous leads back. */
export function PictureNeighbours({ row }: { readonly row: number }): ReactElement | null {
  const { answer, failure } = useAnswer(row, ask);
  const images = useExplorer((state) => state.model?.images ?? 0);
  if (failure !== null || images < 2) return null;
  return (
    <section className="picture-neighbours" aria-label="Most similar pictures">
      <h3>Most similar</h3>
      <ol>
        {answer === null
          ? Array.from({ length: Math.min(COUNT, images - 1) }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
              <li key={i} className="skeleton picture-neighbour-skeleton" />
            ))
          : answer.images.map(({ row: near, score }, place) => (
              <li key={near}>
                <button
                  type="button"
                  data-row={near}
                  aria-label={`Similar picture ${place + 1}`}
                  title={`Similarity ${score.toFixed(2)}`}
                  onClick={() => openPicture(near, [row, ...answer.images.map((image) => image.row)])}
                >
                  <Thumbnail key={near} row={near} />
                </button>
              </li>
            ))}
      </ol>
    </section>
  );
}
