import { useEffect, useState } from "react";
import type { ApiSimilarity } from "../../core/explorer/api.ts";
import { fetchSimilarity } from "../api/client.ts";
import { notifyFailure } from "../state/notices.ts";
import { useExplorer } from "../state/store.ts";

/** How alike the concepts are, anew after each edit; the last one stays until the next is there. */
export function useSimilarity(): ApiSimilarity | null {
  const revision = useExplorer((state) => state.model?.revision);
  const [similarity, setSimilarity] = useState<ApiSimilarity | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision has other concepts
  useEffect(() => {
    let isWanted = true;
    fetchSimilarity()
      .then((answer) => {
        if (isWanted) setSimilarity(answer);
      })
      .catch(notifyFailure);
    return () => {
      isWanted = false;
    };
  }, [revision]);
  return similarity;
}
