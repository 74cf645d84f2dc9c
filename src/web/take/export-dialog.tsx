import { type ReactElement, useState } from "react";
import { Palette } from "../shape/palette.tsx";
import type { EditProblem } from "../state/edit-model.ts";
import { useExplorer } from "../state/store.ts";
import { countText } from "../ui/count-text.ts";
import { Choices } from "./choices.tsx";
import { type ExportFormat, exportPictures } from "./export-pictures.ts";
import { exportScopes, scopeText } from "./export-scopes.ts";
import "./take.css";

const FORMATS: readonly { readonly value: ExportFormat; readonly text: string; readonly note: string }[] = [
  { value: "list", text: "List of paths", note: "a text file, one a line" },
  { value: "csv", text: "Table", note: "CSV with concepts, captions and columns" },
  { value: "folders", text: "Copies of the pictures", note: "a zip with a folder for each concept" },
];

/** Asks what to take along, and as what. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  // As it was when it was asked for.
  const [scopes] = useState(() => exportScopes(useExplorer.getState()));
  const hasPictures = useExplorer((state) => state.model?.hasPictures ?? false);
  const [place, setPlace] = useState(0);
  const [format, setFormat] = useState<ExportFormat>("list");
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<EditProblem | null>(null);
  const run = async (): Promise<void> => {
    setWorking(true);
    setProblem(null);
    const failed = await exportPictures(scopes[place]!, format);
    setWorking(false);
    if (failed === null) onClose();
    else setProblem(failed);
  };
  return (
    <Palette title="Export pictures" onClose={onClose} problem={problem}>
      <form
        className="export-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Choices
          name="Which"
          value={place}
          onChange={setPlace}
          choices={scopes.map((scope, i) => ({
            value: i,
            text: scopeText(scope),
            note: countText(scope.count),
          }))}
        />
        <Choices
          name="As"
          value={format}
          onChange={setFormat}
          choices={hasPictures ? FORMATS : FORMATS.filter(({ value }) => value !== "folders")}
        />
        <div className="palette-actions">
          <button type="submit" className="button button-primary" disabled={isWorking}>
            {isWorking ? "Preparing…" : "Export"}
          </button>
        </div>
      </form>
    </Palette>
  );
}
