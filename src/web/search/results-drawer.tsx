import type { ReactElement } from "react";

export function ResultsDrawer(): ReactElement | null {
  return null;
}
