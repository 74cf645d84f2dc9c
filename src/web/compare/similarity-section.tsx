import { type ReactElement, useState } from "react";
import { useExplorer } from "../state/store.ts";
import { Heatmap } from "./heatmap.tsx";
import { useSimilarity } from "./use-similarity.ts";

/** How alike the concepts are; asked for when it is opened. */
export function SimilaritySection(): ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  const several = useExplorer((state) => (state.model?.concepts.length ?? 0) > 1);
  if (!several) return null;
  return (
    <section className="chart" aria-label="Concepts that are alike">
      <div className="chart-head">
        <h3>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            Concepts that are alike
          </button>
        </h3>
      </div>
      {isOpen ? <Similarity /> : null}
    </section>
  );
}

function Similarity(): ReactElement {
  const similarity = useSimilarity();
  if (similarity === null) return <div className="chart-waiting skeleton" />;
  return <Heatmap similarity={similarity} />;
}
