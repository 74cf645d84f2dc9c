import { Ellipsis } from "lucide-react";
import { type ReactElement, useState } from "react";
import type { ApiConcept } from "../../core/explorer/api.ts";
import { shownName } from "../concepts/shown-name.ts";
import { conceptActions } from "./concept-actions.tsx";
import { Menu } from "./menu.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { SplitDialog } from "./split-dialog.tsx";

/** All that can be done with a concept. */
export function ConceptMenu({ concept }: { readonly concept: ApiConcept }): ReactElement {
  const [asking, setAsking] = useState<"merge" | "split" | null>(null);
  const close = (): void => setAsking(null);
  return (
    <>
      <Menu label={`Actions for ${shownName(concept)}`} actions={conceptActions(concept, setAsking)}>
        <Ellipsis aria-hidden />
      </Menu>
      {asking === "merge" ? <MergeDialog concept={concept} onClose={close} /> : null}
      {asking === "split" ? <SplitDialog concept={concept} onClose={close} /> : null}
    </>
  );
}
