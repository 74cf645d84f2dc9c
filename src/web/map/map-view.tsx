import { Deck, OrthographicView } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";
import { type ReactElement, useEffect, useRef } from "react";
import { setState, useExplorer } from "../state/store.ts";

/** The map of all pictures. */
export function MapView(): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const points = useExplorer((state) => state.points);
  useEffect(() => {
    if (host.current === null || points === null) return;
    const deck = new Deck({
      parent: host.current,
      views: new OrthographicView({ flipY: false }),
      initialViewState: { target: [0, 0, 0], zoom: 5 },
      controller: true,
      onClick: ({ index }) => {
        if (index >= 0) setState({ openRow: index });
      },
      layers: [
        new ScatterplotLayer({
          id: "points",
          data: {
            length: points.concepts.length,
            attributes: { getPosition: { value: points.map, size: 2 } },
          },
          getFillColor: [90, 110, 160],
          getRadius: 2,
          radiusUnits: "pixels",
          pickable: true,
        }),
      ],
    });
    return () => deck.finalize();
  }, [points]);
  return <div ref={host} className="map" />;
}
