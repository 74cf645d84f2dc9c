import { spreadTree } from "../hdbscan/spread-tree.ts";
import { type Matrix, takeRows } from "../math/matrix.ts";
import type {
  ClusterAssignment,
  ClusterCut,
  Clusterer,
  FittedClusterer,
  StageContext,
  StageState,
  WorkOptions,
} from "../stages.ts";
import { type Anchors, anchorsOf } from "./anchors.ts";
import {
  addedRows,
  fittedPart,
  type GrownRows,
  grownMisfit,
  lostRows,
  readGrownMatrix,
  readGrownRows,
} from "./grown-rows.ts";

const KIND_PREFIX = "grown-";

/** Restores clusterers of collections that changed since the fit; see `GrownReducer`. It is never fitted itself. */
export class GrownClusterer implements Clusterer {
  readonly kind: string;
  private readonly inner: Clusterer;

  constructor(inner: Clusterer) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
  }

  fit(points: Matrix, context: StageContext): Promise<FittedClusterer> {
    return this.inner.fit(points, context);
  }

  /** @throws FormatError when the state is not one of these points */
  restore({ params, arrays }: StageState, points: Matrix): FittedGrownClusterer {
    const { grownRows, grownLost, grownLabels, grownStrengths, ...innerArrays } = arrays;
    const { grownFrom, ...innerParams } = params;
    const rows = readGrownRows(grownRows, grownFrom, points.rows);
    const added = addedRows(rows);
    const lost = rows.fittedCount - (points.rows - added.length);
    const training = fittedPart(rows, points, readGrownMatrix(grownLost, lost, points.cols));
    const state = { kind: this.inner.kind, params: innerParams, arrays: innerArrays };
    const inner = this.inner.restore(state, training);
    const fits =
      grownLabels instanceof Int32Array &&
      grownStrengths instanceof Float32Array &&
      grownLabels.length === added.length &&
      grownStrengths.length === added.length &&
      grownLabels.every((label) => label >= -1 && label < inner.clusterCount);
    if (!fits || inner.labels.length !== training.rows) throw grownMisfit("a label for each added image");
    const assigned = { labels: grownLabels, probabilities: grownStrengths };
    return new FittedGrownClusterer(inner, training, rows, takeRows(points, added), assigned);
  }
}

/** A clustering of the images of a fit, and where it puts those that came later. */
export class FittedGrownClusterer implements FittedClusterer {
  readonly kind: string;
  readonly clusterCount: number;
  readonly labels: Int32Array;
  readonly probabilities: Float32Array;
  /** Those of the fit that are still there, else the images of the cluster. */
  readonly exemplars: readonly Int32Array[];
  readonly inner: FittedClusterer;
  /** The points of the fit. */
  readonly training: Matrix;
  readonly rows: GrownRows;
  private readonly added: Matrix;
  private readonly assigned: ClusterAssignment;
  /** Found when first asked for; one with the clusterers that are cut from this. */
  private anchors: Anchors | undefined;

  /**
   * @param added points of the images that came later, in their order
   * @param assigned their labels and strengths
   * @param anchors of the added points, where they are known
   */
  constructor(
    inner: FittedClusterer,
    training: Matrix,
    rows: GrownRows,
    added: Matrix,
    assigned: ClusterAssignment,
    anchors?: Anchors,
  ) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.training = training;
    this.rows = rows;
    this.added = added;
    this.assigned = assigned;
    this.anchors = anchors;
    this.clusterCount = inner.clusterCount;
    const { fittedRow } = rows;
    this.labels = new Int32Array(fittedRow.length);
    this.probabilities = new Float32Array(fittedRow.length);
    let next = 0;
    fittedRow.forEach((source, image) => {
      const from = source === -1 ? assigned : inner;
      const at = source === -1 ? next++ : source;
      this.labels[image] = from.labels[at]!;
      this.probabilities[image] = from.probabilities[at]!;
    });
    this.exemplars = currentExemplars(inner, fittedRow, this.labels);
  }

  predict(points: Matrix): ClusterAssignment {
    return this.inner.predict(points);
  }

  /**
   * Images that came later are judged again; copies of fitted ones go with them.
   *
   * @throws InputError (`BAD_OPTION`) as the clusterer of the fit does
   */
  get recut(): ((cut: ClusterCut) => FittedGrownClusterer) | undefined {
    const { inner, training, rows, added } = this;
    if (inner.recut === undefined) return undefined;
    return (cut) => {
      const again = inner.recut!(cut);
      const { labels, probabilities } = again.predict(added);
      const anchors = this.anchorsOfAdded();
      anchors.rows.forEach((fitted, i) => {
        if (anchors.isCopy[i] === 0) return;
        labels[i] = again.labels[fitted]!;
        probabilities[i] = again.probabilities[fitted]!;
      });
      return new FittedGrownClusterer(again, training, rows, added, { labels, probabilities }, anchors);
    };
  }

  get countRange(): FittedClusterer["countRange"] {
    const { inner } = this;
    return inner.countRange === undefined ? undefined : (size) => inner.countRange!(size);
  }

  /** The hierarchy of the fit without the images that have gone; those that came later lie beside the fitted ones they are nearest to. */
  get condensedTree(): FittedClusterer["condensedTree"] {
    const { inner } = this;
    if (inner.condensedTree === undefined) return undefined;
    return (minClusterSize) => {
      const anchors = this.anchorsOfAdded();
      let next = 0;
      const sourceOf = this.rows.fittedRow.map((row) => (row === -1 ? anchors.rows[next++]! : row));
      return spreadTree(inner.condensedTree!(minClusterSize), sourceOf);
    };
  }

  private anchorsOfAdded(): Anchors {
    this.anchors ??= anchorsOf(this.added, this.training);
    return this.anchors;
  }

  /** Images that came later belong to their cluster alone. */
  async visitMemberships(
    points: Int32Array,
    visit: (point: number, strengths: Float64Array) => void,
    work?: WorkOptions,
  ): Promise<void> {
    const { fittedRow } = this.rows;
    const imageOf = new Map<number, number>();
    const strengths = new Float64Array(this.clusterCount);
    for (const image of points) {
      const known = fittedRow[image]! !== -1 && this.inner.visitMemberships !== undefined;
      if (known) {
        imageOf.set(fittedRow[image]!, image);
        continue;
      }
      strengths.fill(0);
      if (this.labels[image] !== -1) strengths[this.labels[image]!] = this.probabilities[image]!;
      visit(image, strengths);
    }
    if (imageOf.size === 0) return;
    const fitted = Int32Array.from(imageOf.keys());
    await this.inner.visitMemberships!(fitted, (row, degrees) => visit(imageOf.get(row)!, degrees), work);
  }

  state(): StageState {
    const { params, arrays } = this.inner.state();
    const grown = {
      grownRows: this.rows.fittedRow,
      grownLost: takeRows(this.training, lostRows(this.rows)).data,
      grownLabels: this.assigned.labels,
      grownStrengths: this.assigned.probabilities,
    };
    return {
      kind: this.kind,
      params: { ...params, grownFrom: this.rows.fittedCount },
      arrays: { ...arrays, ...grown },
    };
  }
}

function currentExemplars(inner: FittedClusterer, fittedRow: Int32Array, labels: Int32Array): Int32Array[] {
  const imageOf = new Map(Array.from(fittedRow, (source, image) => [source, image]));
  imageOf.delete(-1);
  return inner.exemplars.map((exemplars, cluster) => {
    const there = Array.from(exemplars, (source) => imageOf.get(source) ?? -1).filter(
      (image) => image !== -1,
    );
    if (there.length > 0) return Int32Array.from(there).sort();
    return Int32Array.from(labels.keys()).filter((image) => labels[image] === cluster);
  });
}
