import type { ReactElement } from "react";
import type { ApiWord } from "../../core/explorer/api.ts";

/** The words of a concept, with how well each of them fits and tells its pictures from the others. */
export function ConceptWords({ words }: { readonly words: readonly ApiWord[] }): ReactElement {
  const best = Math.max(...words.map(({ score }) => score));
  const isProved = words.some(({ auc }) => auc !== undefined);
  return (
    <div>
      <table className="concept-words">
        <caption className="visually-hidden">Words</caption>
        <thead>
          <tr>
            <th scope="col">Word</th>
            <th scope="col" title="How close the word is to the pictures (cosine)">
              Fits
            </th>
            {isProved ? (
              <th
                scope="col"
                title="How often a picture of this concept is closer to the word than another picture is: 50 % by chance, 100 % always (AUC)"
              >
                Tells apart
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {words.map(({ word, score, auc }) => (
            <tr key={word}>
              <th scope="row">{word}</th>
              <td className="number">
                <span className="bar" aria-hidden="true">
                  <span style={{ width: `${(100 * Math.max(0, score)) / best}%` }} />
                </span>
                {score.toFixed(2)}
              </td>
              {isProved ? (
                <td className="number">{auc === undefined ? "" : `${Math.round(100 * auc)} %`}</td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="concept-words-key">
        Fits: how close the word is to these pictures.
        {isProved ? " Tells apart: how well it finds them among all others; 50 % is chance." : null}
      </p>
    </div>
  );
}
