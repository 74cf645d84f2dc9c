import type { ReactElement } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { useExplorer } from "../state/store.ts";
import { NameForm } from "./name-form.tsx";
import "./concept-name.css";

/** A concept's name, or the field to change it while it is being renamed. */
export function ConceptName({ concept }: { readonly concept: ApiConcept }): ReactElement {
  const isRenaming = useExplorer((state) => state.renaming === concept.id);
  if (isRenaming) return <NameForm key={concept.id} concept={concept} />;
  return <span className="concept-name">{concept.name}</span>;
}
