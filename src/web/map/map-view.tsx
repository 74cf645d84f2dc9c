import { type ReactElement, useEffect, useRef } from "react";
import { useExplorer } from "../state/store.ts";
import { countOf } from "../ui/count-text.ts";
import { setCurrentMap } from "./current-map.ts";
import { HoverCard } from "./hover-card.tsx";
import { followHands } from "./map-hands.ts";
import { MapNote } from "./map-note.tsx";
import { MapScene } from "./map-scene.ts";
import "./map.css";

/** The map of all pictures. React makes its frame; what moves is drawn by the scene. */
export function MapView(): ReactElement {
  const map = useRef<HTMLDivElement>(null);
  const ground = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLDivElement>(null);
  const marker = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const tool = useExplorer((state) => state.tool);
  const count = useExplorer((state) => state.points?.concepts.length ?? 0);
  const places = useExplorer((state) => state.points?.map);

  useEffect(() => {
    const { model, points } = useExplorer.getState();
    // Edits change the concepts of points, not their places: the scene follows them by itself.
    if (model === null || points === null || points.map !== places) return;
    const hosts = {
      map: map.current!,
      ground: ground.current!,
      names: names.current!,
      marker: marker.current!,
      card: card.current!,
    };
    const scene = new MapScene(hosts, model, points);
    const unfollow = followHands(hosts.map, scene);
    setCurrentMap({
      zoomBy: (change) => scene.camera.zoomBy(change, true),
      showAll: () => scene.camera.showAll(),
      snapshot: (ratio) => scene.snapshot(ratio),
    });
    return () => {
      setCurrentMap(null);
      unfollow();
      scene.destroy();
    };
  }, [places]);

  return (
    <>
      <div
        ref={map}
        className="map"
        data-tool={tool}
        role="application"
        aria-roledescription="map"
        aria-label={`Map of ${countOf(count, "picture")}`}
        aria-describedby="map-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: moved by keys, as its description tells
        tabIndex={0}
      >
        <div ref={ground} className="map-ground" />
        <div ref={names} className="map-names" aria-hidden="true" />
        <div ref={marker} className="map-marker" hidden />
        <div className="map-cross" />
      </div>
      <p id="map-keys" className="visually-hidden">
        Arrow keys move the map, plus and minus zoom, 0 shows all, Enter opens the picture in the middle.
      </p>
      <div ref={card} className="map-card-place">
        <HoverCard />
      </div>
      <MapNote />
    </>
  );
}
