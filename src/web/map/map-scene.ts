import type { ApiModel } from "../../core/explorer/api.ts";
import { groupsOf } from "../state/emphasis.ts";
import { filteredRows } from "../state/filtered-rows.ts";
import type { Points } from "../state/points.ts";
import { type ExplorerState, setState, useExplorer } from "../state/store.ts";
import { boundsOf, type Size, type Spot, toScreen } from "./camera.ts";
import { conceptBounds } from "./concept-bounds.ts";
import type { MapSnapshot } from "./current-map.ts";
import { MapCamera } from "./map-camera.ts";
import { MapDrawing } from "./map-drawing.ts";
import { MapLabels } from "./map-labels.ts";
import { MapMarker } from "./map-marker.ts";
import { litConcepts, mapNames } from "./map-names.ts";
import { pick, pickMiddle } from "./map-picking.ts";
import { useMapStatus } from "./map-status.ts";
import { PlaceIndex } from "./place-index.ts";
import { watchSystemTheme } from "./watch-theme.ts";

/** The parts of the page that the map draws into. */
export interface MapHosts {
  readonly map: HTMLElement;
  /** Takes the canvas. */
  readonly ground: HTMLElement;
  readonly names: HTMLElement;
  /** A ring around the picture that is pointed at. */
  readonly marker: HTMLElement;
  /** Follows the picture that is pointed at. */
  readonly card: HTMLElement;
}

/** Milliseconds without a change until the page is told where the map is. */
const REST = 150;
const REACH = 12;

/** The map outside of React: draws when something changes, and only then. */
export class MapScene {
  readonly index: PlaceIndex;
  readonly camera: MapCamera;
  private readonly hosts: MapHosts;
  private readonly points: Points;
  private readonly drawing: MapDrawing;
  private readonly labels: MapLabels;
  private readonly marker: MapMarker;
  private readonly ending = new AbortController();
  private readonly resizes: ResizeObserver;
  private state: ExplorerState;
  private frame = 0;
  /** Pictures of the last frame. */
  private drawn = 0;
  /** Somebody moves the map. */
  private isLed = false;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(hosts: MapHosts, model: ApiModel, points: Points) {
    this.hosts = hosts;
    this.points = points;
    this.state = useExplorer.getState();
    this.index = new PlaceIndex(points.map);
    this.camera = new MapCamera({
      bounds: this.index.bounds,
      spacing: this.index.spacing(),
      size: sizeOf(hosts.map),
      covered: coveredOf(hosts.map),
      view: this.state.view,
      onChange: () => {
        this.isLed = true;
        this.changed();
      },
    });
    const { ground } = hosts;
    this.drawing = new MapDrawing({ ground, points, model, camera: this.camera, onChange: this.invalidate });
    this.labels = new MapLabels(hosts.names);
    this.marker = new MapMarker(hosts.marker, hosts.card);
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(hosts.map);
    watchSystemTheme(() => this.follow(useExplorer.getState()), this.ending.signal);
    const unfollow = useExplorer.subscribe((state) => this.follow(state));
    const unpoint = useMapStatus.subscribe(this.invalidate);
    this.ending.signal.addEventListener("abort", () => {
      unfollow();
      unpoint();
    });
    this.follow(this.state);
    this.setNames();
    // Widths are other ones once the page's font is there.
    void document.fonts.ready.then(() => this.setNames());
  }

  /** Something is to be drawn. */
  readonly invalidate = (): void => {
    if (this.frame === 0 && !this.ending.signal.aborted) this.frame = requestAnimationFrame(this.draw);
  };

  /** The row at a spot; -1 for none. */
  pick(spot: Spot, reach: number = REACH): number {
    const { index } = this;
    const { view, size } = this.camera;
    const { pictures, look } = this.drawing;
    return pick({ view, size, index, pictures, colors: look.colors, reach }, spot);
  }

  pickMiddle(): number {
    const { view, size } = this.camera;
    return pickMiddle({ view, size, index: this.index });
  }

  /** Marks a row, and shows its card. */
  point(row: number): void {
    const pointedRow = row === -1 ? null : row;
    if (useMapStatus.getState().pointedRow === pointedRow) return;
    useMapStatus.setState({ pointedRow });
    setState({ hoveredRow: pointedRow });
  }

  /** Of some rows, those that the filters let through. */
  selectable(rows: Uint32Array): Uint32Array {
    const passing = filteredRows(this.state)?.passing;
    return passing === undefined ? rows : rows.filter((row) => passing[row] === 1);
  }

  /** @param ratio pixels of the canvas in a CSS pixel, until the next frame is drawn */
  snapshot(ratio: number): MapSnapshot {
    const drawn = this.drawing.snapshot(ratio);
    this.invalidate();
    const { fontFamily } = getComputedStyle(this.hosts.names);
    return { ...drawn, names: this.labels.shownNames(), fontFamily };
  }

  destroy(): void {
    this.ending.abort();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.resting);
    this.drawing.destroy();
    useMapStatus.setState({ pointedRow: null, painter: "starting", thinning: null, isEmpty: false });
  }

  private resize(): void {
    this.camera.size = sizeOf(this.hosts.map);
    this.camera.covered = coveredOf(this.hosts.map);
    this.changed();
  }

  private changed(): void {
    this.invalidate();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  /** The map has come to rest: the page may know. */
  private rest(): void {
    if (this.camera.isMoving || this.frame !== 0) {
      this.changed();
      return;
    }
    const { view } = this.camera;
    const { x, y, zoom } = view;
    const known = this.state.view;
    if (known?.x !== x || known.y !== y || known.zoom !== zoom) setState({ view });
    this.isLed = false;
    if (this.drawing.step !== 1) this.invalidate();
    this.tellPresence();
  }

  /** What the view has of pictures, and how many of them are drawn as such: counted only where it is a small part of the map. */
  private tellPresence(): void {
    const { pictures, look } = this.drawing;
    const { view, size, isClosest } = this.camera;
    const seen = boundsOf(view, size);
    let lit = 0;
    if (pictures.drawn > 0) {
      this.index.forEachIn(seen, (row) => {
        if (look.lasting === null || look.lasting[row] === 1) lit++;
      });
    }
    const thinning = pictures.drawn === 0 ? null : { shown: pictures.drawn, present: lit, isClosest };
    useMapStatus.setState({ isEmpty: !this.index.someIn(seen, () => true), thinning });
  }

  private follow(state: ExplorerState): void {
    const before = this.state;
    this.state = state;
    if (state.model === null || state.points === null) return;
    if (this.drawing.follow(state)) {
      this.light();
      this.changed();
    }
    if (state.model !== before.model || state.preview !== before.preview) this.setNames();
    if (state.view !== before.view && state.view !== this.camera.view && state.view !== null)
      this.camera.moveTo(state.view);
    if (state.focusedConcept !== before.focusedConcept) this.flyToConcept(state.focusedConcept);
    if (state.shownRow !== before.shownRow && state.shownRow !== null) this.flyToRow(state.shownRow);
    if (state.hoveredRow !== before.hoveredRow || state.shownRow !== before.shownRow) this.invalidate();
  }

  private setNames(): void {
    const { model } = this.state;
    const groups = groupsOf(this.state);
    if (model === null || groups === null || this.ending.signal.aborted) return;
    const { concepts } = model;
    this.labels.setNames(mapNames({ concepts, groups, places: this.points.map, bounds: this.index.bounds }));
    this.light();
    this.invalidate();
  }

  private light(): void {
    const { lit } = this.drawing.look;
    const concepts = lit === null ? null : litConcepts(groupsOf(this.state)!, lit);
    const forced = this.state.hoveredConcept ?? this.state.focusedConcept;
    this.labels.setEmphasis(concepts === null ? null : (concept) => concepts.has(concept), forced);
  }

  private flyToConcept(concept: number | null): void {
    if (concept === null || concept === -1) return;
    const bounds = conceptBounds(this.points.map, groupsOf(this.state)!, concept);
    if (bounds !== null) this.camera.flyToPart(bounds);
  }

  private flyToRow(row: number): void {
    const [x, y] = [this.points.map[2 * row]!, this.points.map[2 * row + 1]!];
    if (Number.isFinite(x) && Number.isFinite(y)) this.camera.flyToSpot({ x, y });
  }

  private readonly draw = (now: number): void => {
    this.frame = 0;
    this.camera.step(now);
    const isMoving = this.isLed || this.camera.isMoving;
    const isDone = this.drawing.draw(now, isMoving);
    const { view, size } = this.camera;
    this.labels.update(view, size, now);
    const { drawn } = this.drawing.pictures;
    this.hosts.names.classList.toggle("over-pictures", drawn > 0);
    this.mark();
    const isOther = drawn !== this.drawn;
    this.drawn = drawn;
    if (!isDone || isOther || this.camera.isMoving) this.changed();
  };

  private mark(): void {
    const row = this.state.hoveredRow ?? this.state.shownRow;
    if (row === null) {
      this.marker.hide();
      return;
    }
    const { points } = this;
    const { pictures } = this.drawing;
    const { view, size } = this.camera;
    const isPicture = pictures.shown.some((picture) => picture.row === row);
    const at = toScreen(view, size, { x: points.map[2 * row]!, y: points.map[2 * row + 1]! });
    const side = isPicture ? pictures.side : 2 * this.camera.pointRadius;
    this.marker.show(at, side, isPicture ? "picture" : "point", size);
  }
}

function sizeOf(element: HTMLElement): Size {
  return { width: element.clientWidth || 1, height: element.clientHeight || 1 };
}

/** The style says how much of the map lies under tools. */
function coveredOf(element: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(element).paddingTop) || 0;
}
