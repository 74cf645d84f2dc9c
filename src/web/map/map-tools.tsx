import {
  Hand,
  LassoSelect,
  type LucideIcon,
  Maximize,
  Minus,
  Plus,
  SquareDashedMousePointer,
} from "lucide-react";
import type { ReactElement } from "react";
import { setState, type Tool, useExplorer } from "../state/store.ts";
import { currentMap } from "./current-map.ts";

const TOOLS: readonly { readonly tool: Tool; readonly label: string; readonly Icon: LucideIcon }[] = [
  { tool: "pan", label: "Move the map", Icon: Hand },
  { tool: "lasso", label: "Select with a lasso (Shift adds, Alt takes away)", Icon: LassoSelect },
  { tool: "box", label: "Select with a box (Shift adds, Alt takes away)", Icon: SquareDashedMousePointer },
];
const STEP = 0.75;

/** What pointers do on the map, and how close one looks. */
export function MapTools(): ReactElement {
  const tool = useExplorer((state) => state.tool);
  return (
    <>
      <fieldset className="map-tools stage-card">
        <legend className="visually-hidden">What dragging on the map does</legend>
        {TOOLS.map(({ tool: one, label, Icon }) => (
          <button
            key={one}
            type="button"
            className="icon-button"
            aria-pressed={tool === one}
            aria-label={label}
            title={label}
            onClick={() => setState({ tool: one })}
          >
            <Icon aria-hidden="true" />
          </button>
        ))}
      </fieldset>
      <fieldset className="map-tools stage-card">
        <legend className="visually-hidden">Zoom</legend>
        <ZoomButton label="Closer (+)" Icon={Plus} onPress={() => currentMap()?.zoomBy(STEP)} />
        <ZoomButton label="Farther (−)" Icon={Minus} onPress={() => currentMap()?.zoomBy(-STEP)} />
        <ZoomButton label="Show all (0)" Icon={Maximize} onPress={() => currentMap()?.showAll()} />
      </fieldset>
    </>
  );
}

interface ZoomButtonProps {
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly onPress: () => void;
}

function ZoomButton({ label, Icon, onPress }: ZoomButtonProps): ReactElement {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon aria-hidden="true" />
    </button>
  );
}
