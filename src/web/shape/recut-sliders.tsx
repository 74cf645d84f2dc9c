import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { RecutOutcome } from "./recut-outcome.tsx";
import { largestSize, mostConcepts } from "./recut-scale.ts";
import { RecutSlider } from "./recut-slider.tsx";
import { useRecut } from "./use-recut.ts";

/** The two sliders; the one that was moved last decides, and the other follows. */
export function RecutSliders(): ReactElement | null {
  const model = useExplorer((state) => state.model);
  const preview = useExplorer((state) => state.preview);
  const recut = useRecut();
  if (model === null) return null;
  const { asked } = recut;
  const now = model.concepts.length;
  return (
    <div className="recut-body">
      <RecutSlider
        name="Number of concepts"
        value={asked?.concepts ?? preview?.summary.concepts ?? now}
        least={2}
        most={mostConcepts(model.images, now)}
        onChange={(concepts) => recut.ask({ concepts })}
      />
      <RecutSlider
        name="Smallest concept"
        unit="pictures"
        value={asked?.minConceptSize ?? model.minConceptSize}
        isIdle={asked?.concepts !== undefined}
        least={2}
        most={largestSize(model.images)}
        onChange={(minConceptSize) => recut.ask({ minConceptSize })}
      />
      <RecutOutcome recut={recut} />
    </div>
  );
}
