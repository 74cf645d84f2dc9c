import { type ReactElement, useEffect, useState } from "react";
import type { ApiTreeNode } from "../../core/explorer/api.ts";
import { fetchHierarchy } from "../api/client.ts";
import { useExplorer } from "../state/store.ts";
import { ConceptSkeletons } from "./concept-skeletons.tsx";
import { ConceptTree } from "./concept-tree.tsx";
import "./tree-panel.css";

/** Concepts of concepts. */
export function TreePanel(): ReactElement {
  const revision = useExplorer((state) => state.model?.revision);
  const [roots, setRoots] = useState<readonly ApiTreeNode[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (revision === undefined) return;
    let isWanted = true;
    fetchHierarchy().then(
      (answer) => {
        if (!isWanted) return;
        setRoots(answer);
        setFailure(null);
      },
      (error: unknown) => {
        if (isWanted) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [revision]);
  if (failure !== null) return <p className="panel-empty">{failure}</p>;
  if (roots === null) return <ConceptSkeletons />;
  if (roots.length === 0) return <p className="panel-empty">There are no concepts to group.</p>;
  return (
    <>
      <p className="tree-intro quiet">Concepts that are alike stand in groups.</p>
      <ConceptTree roots={roots} />
    </>
  );
}
