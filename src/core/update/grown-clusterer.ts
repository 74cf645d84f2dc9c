import { InputError } from "../errors.ts";
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

  /**
   * @param added points of the images that came later, in their order
   * @param assigned their labels and strengths
   */
  constructor(
    inner: FittedClusterer,
    training: Matrix,
    rows: GrownRows,
    added: Matrix,
    assigned: ClusterAssignment,
  ) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
    this.training = training;
    this.rows = rows;
    this.added = added;
    this.assigned = assigned;
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

  /** @throws InputError (`BAD_OPTION`) as the clusterer of the fit does, and where that keeps no hierarchy */
  recut(cut: ClusterCut): FittedGrownClusterer {
    if (this.inner.recut === undefined) {
      throw new InputError(
        "The concepts cannot be recut: their clusterer keeps no hierarchy",
        {},
        "BAD_OPTION",
      );
    }
    const again = this.inner.recut(cut);
    return new FittedGrownClusterer(again, this.training, this.rows, this.added, again.predict(this.added));
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
