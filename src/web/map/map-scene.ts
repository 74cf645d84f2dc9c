import type { ApiModel } from "../../core/explorer/api.ts";
import { groupsOf } from "../state/emphasis.ts";
import { filteredRows } from "../state/filtered-rows.ts";
import type { Points } from "../state/points.ts";
import { type ExplorerState, setState, useExplorer, type View } from "../state/store.ts";
import { boundsOf, fit, pan, type Size, type Spot, scaleOf, toScreen, zoomAround } from "./camera.ts";
import { CameraMotion } from "./camera-motion.ts";
import { createCanvasPainter } from "./canvas-painter.ts";
import { conceptBounds } from "./concept-bounds.ts";
import type { MapSnapshot } from "./current-map.ts";
import { createGlPainter } from "./gl/gl-painter.ts";
import { MapLabels } from "./map-labels.ts";
import { MapLook } from "./map-look.ts";
import { litConcepts, mapNames } from "./map-names.ts";
import { pick, pickMiddle } from "./map-picking.ts";
import { MapPictures } from "./map-pictures.ts";
import { useMapStatus } from "./map-status.ts";
import type { MapPainter } from "./painter.ts";
import { type PictureScale, pictureScale } from "./picture-scale.ts";
import { PlaceIndex } from "./place-index.ts";
import { isCalm, shownTheme, watchSystemTheme } from "./watch-theme.ts";

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

/** Pixels that stay free around the whole map, and around a concept that the map flies to. */
const MARGIN = 56;
/** Milliseconds without a change until the page is told where the map is. */
const REST = 150;
const REACH = 12;
/** Device pixels in a CSS pixel at most: more is not seen and takes time. */
const MOST_RATIO = 2;

/** The map outside of React: draws when something changes, and only then. */
export class MapScene {
  readonly index: PlaceIndex;
  readonly motion: CameraMotion;
  size: Size;
  private readonly hosts: MapHosts;
  private readonly points: Points;
  private readonly scale: PictureScale;
  private readonly pictures: MapPictures;
  private readonly labels: MapLabels;
  private readonly look = new MapLook(shownTheme());
  private readonly ending = new AbortController();
  private readonly resizes: ResizeObserver;
  private readonly whole: View;
  private painter: MapPainter | null = null;
  private state: ExplorerState;
  private frame = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(hosts: MapHosts, model: ApiModel, points: Points) {
    this.hosts = hosts;
    this.points = points;
    this.state = useExplorer.getState();
    this.size = { width: hosts.map.clientWidth || 1, height: hosts.map.clientHeight || 1 };
    this.index = new PlaceIndex(points.map);
    const spacing = this.index.spacing();
    this.whole = fit(this.index.bounds, this.size, {
      padding: Math.min(MARGIN, this.size.width / 8),
      closest: Math.log2(64 / spacing),
    });
    this.scale = pictureScale(spacing, this.whole.zoom);
    this.motion = new CameraMotion(this.state.view ?? this.whole);
    this.pictures = new MapPictures({ points, model, scale: this.scale, onChange: this.invalidate });
    this.labels = new MapLabels(hosts.names);
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
    void this.startPainter();
  }

  get view(): View {
    return this.motion.view;
  }

  /** Something is to be drawn. */
  readonly invalidate = (): void => {
    if (this.frame === 0 && !this.ending.signal.aborted) this.frame = requestAnimationFrame(this.draw);
  };

  moveTo(view: View): void {
    this.motion.jump({ ...view, zoom: this.bounded(view.zoom) });
    this.changed();
  }

  pan(deltaX: number, deltaY: number): void {
    this.moveTo(pan(this.view, deltaX, deltaY));
  }

  /** @param isSmooth with motion in between, where people want any */
  zoomBy(
    change: number,
    isSmooth: boolean,
    spot: Spot = { x: this.size.width / 2, y: this.size.height / 2 },
  ): void {
    const bounds = [this.whole.zoom - 1, this.scale.closest] as const;
    if (isSmooth && !isCalm()) this.motion.zoomBy(change, spot, bounds, performance.now());
    else this.motion.jump(zoomAround(this.view, this.size, spot, this.bounded(this.view.zoom + change)));
    this.changed();
  }

  flyTo(view: View): void {
    this.motion.fly({ ...view, zoom: this.bounded(view.zoom) }, this.size, performance.now(), isCalm());
    this.changed();
  }

  showAll(): void {
    this.flyTo(this.whole);
  }

  /** The row at a spot; -1 for none. */
  pick(spot: Spot, reach: number = REACH): number {
    const { view, size, index, pictures } = this;
    return pick({ view, size, index, pictures, colors: this.look.colors, reach }, spot);
  }

  pickMiddle(): number {
    return pickMiddle(this);
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

  snapshot(): MapSnapshot {
    this.draw(performance.now());
    return {
      canvas: this.painter!.canvas,
      view: this.view,
      size: this.size,
      ratio: this.ratio,
      theme: this.look.theme,
      places: this.points.map,
      colors: this.look.colors,
      pointRadius: this.pointRadius,
      names: this.labels.shownNames(),
      fontFamily: getComputedStyle(this.hosts.names).fontFamily,
    };
  }

  destroy(): void {
    this.ending.abort();
    this.resizes.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.resting);
    this.pictures.destroy();
    this.painter?.destroy();
    useMapStatus.setState({ pointedRow: null, painter: "starting", thinning: null });
  }

  private get ratio(): number {
    return Math.min(MOST_RATIO, devicePixelRatio);
  }

  /** CSS pixels: points grow a little as one comes closer, and are small where there are many. */
  private get pointRadius(): number {
    const apart = this.scale.spacings[6]! * scaleOf(this.view);
    return Math.min(4.5, 0.9 + 0.2 * apart);
  }

  private bounded(zoom: number): number {
    return Math.min(this.scale.closest, Math.max(this.whole.zoom - 1, zoom));
  }

  private async startPainter(): Promise<void> {
    const places = this.points.map;
    const canvas = newCanvas(this.hosts.ground);
    let painter: MapPainter;
    try {
      // Taken away and given back: the next painter starts from nothing.
      painter = await createGlPainter({ canvas, places, onLost: () => void this.restartPainter() });
    } catch {
      painter = createCanvasPainter(newCanvas(this.hosts.ground), places);
    }
    if (this.ending.signal.aborted) {
      painter.destroy();
      return;
    }
    this.painter = painter;
    this.pictures.setPainter(painter);
    painter.setColors(this.look.colors);
    useMapStatus.setState({ painter: painter.kind });
    this.changed();
  }

  private async restartPainter(): Promise<void> {
    this.painter = null;
    this.pictures.setPainter(null);
    if (!this.ending.signal.aborted) await this.startPainter();
  }

  private resize(): void {
    this.size = { width: this.hosts.map.clientWidth || 1, height: this.hosts.map.clientHeight || 1 };
    this.changed();
  }

  private changed(): void {
    this.invalidate();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  /** The map has come to rest: the page may know. */
  private rest(): void {
    if (this.motion.isMoving || this.frame !== 0) {
      this.changed();
      return;
    }
    const { x, y, zoom } = this.view;
    const known = this.state.view;
    if (known?.x !== x || known.y !== y || known.zoom !== zoom) setState({ view: this.view });
    this.tellThinning();
  }

  private tellThinning(): void {
    const { view, size, pictures } = this;
    if (pictures.drawn === 0) {
      useMapStatus.setState({ thinning: null });
      return;
    }
    const { lasting } = this.look;
    let present = 0;
    this.index.forEachIn(boundsOf(view, size), (row) => {
      if (lasting === null || lasting[row] === 1) present++;
    });
    const thinning = { shown: pictures.drawn, present, isClosest: view.zoom > this.scale.closest - 0.01 };
    useMapStatus.setState({ thinning });
  }

  private follow(state: ExplorerState): void {
    const before = this.state;
    this.state = state;
    if (state.model === null || state.points === null) return;
    const changes = this.look.update(state, shownTheme());
    if (changes.lasting) this.pictures.choose(this.look.lasting);
    if (changes.colors) {
      this.painter?.setColors(this.look.colors);
      this.light();
      this.changed();
    }
    if (state.model !== before.model || state.preview !== before.preview) this.setNames();
    if (state.view !== before.view && state.view !== this.view && state.view !== null)
      this.moveTo(state.view);
    if (state.focusedConcept !== before.focusedConcept) this.flyToConcept(state.focusedConcept);
    if (state.shownRow !== before.shownRow && state.shownRow !== null) this.flyToRow(state.shownRow);
    if (state.hoveredRow !== before.hoveredRow || state.shownRow !== before.shownRow) this.invalidate();
  }

  private setNames(): void {
    const { model, preview } = this.state;
    if (model === null || this.ending.signal.aborted) return;
    this.labels.setNames(mapNames(model.concepts, preview?.labels ?? null));
    this.light();
    this.invalidate();
  }

  private light(): void {
    const { lit } = this.look;
    const concepts = lit === null ? null : litConcepts(groupsOf(this.state)!, lit);
    const forced = this.state.hoveredConcept ?? this.state.focusedConcept;
    this.labels.setEmphasis(concepts === null ? null : (concept) => concepts.has(concept), forced);
  }

  private flyToConcept(concept: number | null): void {
    if (concept === null || concept === -1) return;
    const bounds = conceptBounds(this.points.map, groupsOf(this.state)!, concept);
    if (bounds === null) return;
    // Not so close that its surroundings are lost.
    this.flyTo(fit(bounds, this.size, { padding: 1.5 * MARGIN, closest: this.scale.start + 2 }));
  }

  private flyToRow(row: number): void {
    const [x, y] = [this.points.map[2 * row]!, this.points.map[2 * row + 1]!];
    if (Number.isFinite(x) && Number.isFinite(y))
      this.flyTo({ x, y, zoom: Math.max(this.view.zoom, this.scale.start + 1) });
  }

  private readonly draw = (now: number): void => {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { motion, size, ratio, look, pictures, painter } = this;
    motion.step(now, size);
    const isFading = pictures.prepare(motion.view, size, {
      ratio,
      colors: look.colors,
      now: performance.now(),
    });
    this.labels.update(motion.view, size);
    this.hosts.names.classList.toggle("over-pictures", pictures.drawn > 0);
    this.mark();
    const isDrawn = painter?.draw({
      view: motion.view,
      size,
      ratio,
      theme: look.theme,
      pointRadius: this.pointRadius,
      hasDimmed: look.lit !== null,
      sprites: pictures.sprites,
    });
    if (isFading || isDrawn === false || motion.isMoving) this.changed();
  };

  /** Puts the ring and the card where the row is that is pointed at. */
  private mark(): void {
    const { marker, card } = this.hosts;
    const row = this.state.hoveredRow ?? this.state.shownRow;
    marker.hidden = row === null;
    if (row === null) return;
    const at = toScreen(this.view, this.size, {
      x: this.points.map[2 * row]!,
      y: this.points.map[2 * row + 1]!,
    });
    const isPicture = this.pictures.shown.some((picture) => picture.row === row);
    const side = isPicture ? this.pictures.side + 8 : 2 * this.pointRadius + 10;
    marker.style.width = `${side}px`;
    marker.style.height = `${side}px`;
    marker.classList.toggle("is-picture", isPicture);
    marker.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
    placeCard(card, at, side / 2, this.size);
  }
}

function newCanvas(ground: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  ground.replaceChildren(canvas);
  return canvas;
}

/** Beside the picture, on the side with more room. */
function placeCard(card: HTMLElement, at: Spot, away: number, { width, height }: Size): void {
  const isLeft = at.x > width / 2;
  const isAbove = at.y > height / 2;
  const x = isLeft ? `calc(${at.x - away - 12}px - 100%)` : `${at.x + away + 12}px`;
  const y = isAbove ? `calc(${Math.min(height - 12, at.y + 40)}px - 100%)` : `${Math.max(12, at.y - 40)}px`;
  card.style.transform = `translate(${x}, ${y})`;
}
