import type { ReactElement } from "react";
import type { ApiModel } from "../../core/explorer/api.ts";
import { setState, useExplorer } from "../state/store.ts";

/** Why the list is empty, and the way out. */
export function NoConcepts({ model }: { readonly model: ApiModel }): ReactElement {
  const { listing } = useExplorer.getState();
  if (model.images === 0) return <p className="panel-empty">There are no pictures in this model.</p>;
  if (model.concepts.length === 0) {
    return <p className="panel-empty">No pictures are alike enough to be a concept.</p>;
  }
  return (
    <div className="panel-empty">
      <p>
        {listing.text.trim() === "" ? "No concepts here." : `No concept is called “${listing.text.trim()}”.`}
      </p>
      <button
        type="button"
        className="button"
        onClick={() => setState({ listing: { ...listing, show: "shown", text: "" } })}
      >
        Show all concepts
      </button>
    </div>
  );
}
