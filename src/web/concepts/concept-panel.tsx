import type { ReactElement } from "react";
import { useExplorer } from "../state/store.ts";
import { ConceptList } from "./concept-list.tsx";
import { ConceptListing } from "./concept-listing.tsx";
import { ConceptSkeletons } from "./concept-skeletons.tsx";
import { listConcepts } from "./list-concepts.ts";
import { NoConcepts } from "./no-concepts.tsx";
import "./concept-panel.css";

/** The concepts as cards. */
export function ConceptPanel(): ReactElement {
  const model = useExplorer((state) => state.model);
  const isOpen = useExplorer((state) => state.points !== null);
  const listing = useExplorer((state) => state.listing);
  if (model === null || !isOpen) return <ConceptSkeletons />;
  const listed = listConcepts(model.concepts, listing);
  const hasNone = model.outliers > 0 && listing.show === "shown" && listing.text.trim() === "";
  const ids = [...listed.map(({ id }) => id), ...(hasNone ? [-1] : [])];
  return (
    <>
      <ConceptListing listed={listed.length} />
      {ids.length === 0 ? <NoConcepts model={model} /> : <ConceptList ids={ids} />}
    </>
  );
}
