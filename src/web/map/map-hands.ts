import { setState, useExplorer } from "../state/store.ts";
import { type Spot, toPlace } from "./camera.ts";
import { followGestures } from "./gestures.ts";
import { combineRows, rowsInside, type SelectMode } from "./lasso.ts";
import { handleKey } from "./map-keys.ts";
import type { MapScene } from "./map-scene.ts";
import { ShapeOverlay } from "./shape-overlay.ts";

/** CSS pixels around a finger within which a point counts as met. */
const TOUCH_REACH = 22;

/** Lets pointers, the wheel and keys lead the map. @returns takes all listeners away */
export function followHands(host: HTMLElement, scene: MapScene): () => void {
  const unfollow = followPointers(host, scene);
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== host || !leadByKey(event, scene)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = (): void => scene.point(-1);
  host.addEventListener("keydown", onKey);
  host.addEventListener("blur", onBlur);
  return () => {
    unfollow();
    host.removeEventListener("keydown", onKey);
    host.removeEventListener("blur", onBlur);
  };
}

function followPointers(host: HTMLElement, scene: MapScene): () => void {
  let shape: ShapeOverlay | null = null;
  /** What moves under a resting pointer is not pointed at. */
  const letGo = (): void => {
    scene.point(-1);
    if (useExplorer.getState().hoveredConcept !== null) setState({ hoveredConcept: null });
  };
  return followGestures(host, {
    isDrawing: () => useExplorer.getState().tool !== "pan",
    onPan(deltaX, deltaY) {
      host.classList.add("is-moved");
      letGo();
      scene.camera.pan(deltaX, deltaY);
    },
    onZoom(change, spot, isSmooth) {
      letGo();
      scene.camera.zoomBy(change, isSmooth, spot);
    },
    onTap(spot, event) {
      const concept = conceptAt(event);
      if (concept !== null) return setState({ focusedConcept: concept, hoveredConcept: null });
      const row = scene.pick(spot, event.pointerType === "touch" ? TOUCH_REACH : undefined);
      if (row !== -1) setState({ openRow: row });
    },
    onHover(spot, event) {
      if (scene.camera.isMoving) return;
      const concept = spot === null ? null : conceptAt(event);
      if (concept !== useExplorer.getState().hoveredConcept) setState({ hoveredConcept: concept });
      const row = spot === null || concept !== null ? -1 : scene.pick(spot);
      host.classList.toggle("is-met", row !== -1 || concept !== null);
      scene.point(row);
    },
    onDrawStart(spot) {
      const { tool } = useExplorer.getState();
      letGo();
      if (tool !== "pan") shape = new ShapeOverlay(host, tool, spot);
    },
    onDraw: (spot) => shape?.moveTo(spot),
    onDrawEnd(spot, event) {
      const corners = shape?.close() ?? [];
      shape = null;
      if (spot !== null) select(scene, corners, event);
    },
    onRest: () => host.classList.remove("is-moved"),
  });
}

/** Selects what lies inside: Shift adds to the selection, Alt takes away from it. A tap selects nothing. */
function select(scene: MapScene, corners: readonly Spot[], event: PointerEvent): void {
  const { selection, model } = useExplorer.getState();
  const mode: SelectMode = event.shiftKey ? "add" : event.altKey ? "remove" : "replace";
  if (corners.length < 3 || model === null) {
    if (mode === "replace") setState({ selection: null });
    return;
  }
  const polygon = new Float64Array(2 * corners.length);
  for (const [at, corner] of corners.entries()) {
    const { x, y } = toPlace(scene.camera.view, scene.camera.size, corner);
    polygon[2 * at] = x;
    polygon[2 * at + 1] = y;
  }
  setState({ selection: combineRows(selection, scene.selectable(rowsInside(scene.index, polygon)), mode) });
}

function leadByKey(event: KeyboardEvent, scene: MapScene): boolean {
  return handleKey(event, {
    onMove(right, down) {
      scene.camera.pan(-right, -down);
      scene.point(scene.pickMiddle());
    },
    onZoom(change) {
      scene.camera.zoomBy(change, true);
      scene.point(scene.pickMiddle());
    },
    onShowAll: () => scene.camera.showAll(),
    onOpen() {
      const row = scene.pickMiddle();
      if (row !== -1) setState({ openRow: row });
    },
    onLeave() {
      const { selection, focusedConcept } = useExplorer.getState();
      if (selection !== null) setState({ selection: null });
      else if (focusedConcept !== null) setState({ focusedConcept: null });
      else return false;
      return true;
    },
  });
}

/** Of the name under a pointer. The map has captured it, so the event itself does not say. */
function conceptAt({ clientX, clientY }: PointerEvent): number | null {
  const element = document.elementFromPoint(clientX, clientY);
  const name = element instanceof HTMLElement ? element.closest<HTMLElement>("[data-concept]") : null;
  return name === null ? null : Number(name.dataset["concept"]);
}
