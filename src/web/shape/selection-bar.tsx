import { CircleMinus, FolderDown, FolderInput, ScanSearch, Sparkles, X } from "lucide-react";
import { type ReactElement, useMemo, useState } from "react";
import { setState, useExplorer } from "../state/store.ts";
import { ExportDialog } from "../take/export-dialog.tsx";
import { countOf } from "../ui/count-text.ts";
import { AddDialog } from "./add-dialog.tsx";
import { findSimilar, makeConcept, someOf, takeOut } from "./selection-actions.ts";
import { SelectionThumbnails } from "./selection-thumbnails.tsx";
import "./selection-bar.css";

/** What can be done with the pictures that are selected on the map. */
export function SelectionBar(): ReactElement | null {
  const selection = useExplorer((state) => state.selection);
  if (selection === null) return null;
  return <SelectedPictures selection={selection} />;
}

function SelectedPictures({ selection }: { readonly selection: Uint32Array }): ReactElement {
  const [asking, setAsking] = useState<"add" | "export" | null>(null);
  const close = (): void => setAsking(null);
  const saving = useExplorer((state) => state.saving);
  const concepts = useExplorer((state) => state.points?.concepts);
  const isInSome = useMemo(() => selection.some((row) => concepts?.[row] !== -1), [selection, concepts]);
  const isEmpty = selection.length === 0;
  return (
    <section className="selection-bar" aria-label="Selected pictures">
      <SelectionThumbnails rows={someOf(selection, 4)} />
      <p className="selection-count number" role="status">
        {isEmpty ? "No picture lies there" : countOf(selection.length, "picture")}
      </p>
      {isEmpty ? null : (
        <div className="selection-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={saving}
            onClick={() => void makeConcept(selection)}
          >
            <Sparkles aria-hidden /> Make a concept
          </button>
          <button type="button" className="button" disabled={saving} onClick={() => setAsking("add")}>
            <FolderInput aria-hidden /> Add to…
          </button>
          <button
            type="button"
            className="button"
            disabled={saving || !isInSome}
            onClick={() => void takeOut(selection)}
          >
            <CircleMinus aria-hidden /> Take out
          </button>
          <button type="button" className="button" onClick={() => findSimilar(selection)}>
            <ScanSearch aria-hidden /> Find similar
          </button>
          <button type="button" className="button" onClick={() => setAsking("export")}>
            <FolderDown aria-hidden /> Export
          </button>
        </div>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Clear the selection"
        title="Clear the selection"
        onClick={() => setState({ selection: null })}
      >
        <X aria-hidden />
      </button>
      {asking === "add" ? <AddDialog selection={selection} onClose={close} /> : null}
      {asking === "export" ? <ExportDialog onClose={close} /> : null}
    </section>
  );
}
