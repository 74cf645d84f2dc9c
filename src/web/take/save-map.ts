import { mapAsPng, mapAsSvg } from "../map/export-map.ts";
import { notify } from "../state/notices.ts";
import { useExplorer } from "../state/store.ts";
import { saveFile } from "./save-file.ts";

/** Saves the map as it is seen. */
export async function saveMap(format: "png" | "svg"): Promise<void> {
  try {
    const file = format === "png" ? await mapAsPng() : mapAsSvg();
    saveFile(file, `${useExplorer.getState().model?.name ?? "concepts"} - map.${format}`);
  } catch (error) {
    notify({ tone: "error", text: error instanceof Error ? error.message : String(error) });
  }
}
