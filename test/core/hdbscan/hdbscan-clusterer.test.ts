import { beforeAll, describe, expect, test } from "vitest";
import { FormatError } from "../../../src/core/errors.ts";
import { type FittedHdbscan, HdbscanClusterer } from "../../../src/core/hdbscan/hdbscan-clusterer.ts";
import type { HdbscanModel } from "../../../src/core/hdbscan/hdbscan-model.ts";
import { type Matrix, matrix, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { Rng } from "../../../src/core/math/rng.ts";
import type { StageState, StateArray } from "../../../src/core/stages.ts";
import { latticePoints, scatteredPoints } from "./point-sets.ts";

const context = { rng: new Rng(1), kernels: referenceKernels };

/** What a file would hold: params through JSON, arrays copied. */
function saved(state: StageState): StageState {
  const arrays = Object.entries(state.arrays).map(([name, array]) => [name, array.slice()]);
  return {
    kind: state.kind,
    params: JSON.parse(JSON.stringify(state.params)),
    arrays: Object.fromEntries(arrays),
  };
}

/** A model without its functions, everything computed. */
function plain(model: HdbscanModel): object {
  return Object.fromEntries(Object.entries(model).filter(([, value]) => typeof value !== "function"));
}

describe("restoring", () => {
  const ties = latticePoints(200, 2, 9, 3);
  test.each<[string, Matrix, ConstructorParameters<typeof HdbscanClusterer>[0]]>([
    ["scattered points", scatteredPoints(300, 3, 6), { minClusterSize: 10 }],
    [
      "leaves of scattered points",
      scatteredPoints(300, 3, 6),
      { minClusterSize: 5, clusterSelectionMethod: "leaf" },
    ],
    ["ties with a size limit", ties, { minClusterSize: 4, minSamples: 2, maxClusterSize: 50 }],
    ["a single cluster", ties, { minClusterSize: 150, allowSingleCluster: true, clusterSelectionEpsilon: 3 }],
    ["identical points", zeros(20, 2), { minClusterSize: 5, allowSingleCluster: true }],
    ["one point", zeros(1, 2), { minClusterSize: 5 }],
    ["no points", zeros(0, 2), { minClusterSize: 5 }],
  ])("%s answers as before", async (_, points, options) => {
    const fitted = await new HdbscanClusterer(options).fit(points, context);
    // The options of the restoring clusterer do not matter.
    const restored = new HdbscanClusterer({ minClusterSize: 99 }).restore(saved(fitted.state()), points);
    expect(plain(restored.model)).toEqual(plain(fitted.model));
    const changes = { minClusterSize: 3, clusterSelectionMethod: "leaf" } as const;
    expect(plain(restored.model.relabel(changes))).toEqual(plain(fitted.model.relabel(changes)));
    expect(await restored.model.membershipVectors()).toEqual(await fitted.model.membershipVectors());
    expect(restored.probabilities).toEqual(fitted.probabilities);
    const fresh = scatteredPoints(80, points.cols, 7);
    expect(restored.predict(fresh)).toEqual(fitted.predict(fresh));
    expect(restored.state()).toEqual(fitted.state());
  });
});

describe("a forged state is refused", () => {
  const points = scatteredPoints(120, 2, 6);
  let fitted: FittedHdbscan;

  beforeAll(async () => {
    fitted = await new HdbscanClusterer({ minClusterSize: 6 }).fit(points, context);
    expect(fitted.clusterCount).toBeGreaterThan(1);
  });

  function restoreWith(
    change: (state: { params: Record<string, unknown>; arrays: Record<string, StateArray> }) => void,
  ) {
    const state = saved(fitted.state());
    change(state as { params: Record<string, unknown>; arrays: Record<string, StateArray> });
    return () => new HdbscanClusterer({ minClusterSize: 6 }).restore(state, points);
  }

  test("but the untouched one is not", () => {
    expect(restoreWith(() => {})).not.toThrow();
  });

  test("where an array is missing, too short, too long or of another type", () => {
    for (const [name, array] of Object.entries(fitted.state().arrays)) {
      const others: (StateArray | undefined)[] = [undefined, array.slice(1), new Float32Array(array.length)];
      const longer =
        array instanceof Int32Array ? new Int32Array(array.length + 1) : new Float64Array(array.length + 1);
      longer.set(array);
      for (const other of [...others, longer]) {
        const forged = restoreWith(({ arrays }) => {
          if (other === undefined) delete arrays[name];
          else arrays[name] = other;
        });
        expect(forged, `${name}: ${other?.length} for ${array.length}`).toThrow(FormatError);
      }
    }
  });

  test("where a value is out of range", () => {
    for (const [name, array] of Object.entries(fitted.state().arrays)) {
      for (const value of array instanceof Int32Array ? [-2, 0x7fffffff] : [Number.NaN, -1]) {
        for (const place of [0, array.length >> 1, array.length - 1]) {
          const forged = restoreWith(({ arrays }) => {
            arrays[name]![place] = value;
          });
          expect(forged, `${name}[${place}] = ${value}`).toThrow(FormatError);
        }
      }
    }
  });

  test.each<[string, (arrays: Record<string, StateArray>) => void]>([
    ["a circle of clusters", (arrays) => circle(arrays)],
    ["a point that leaves twice", (arrays) => repeatPoint(arrays)],
    ["a node joined twice", (arrays) => arrays["linkageLeft"]!.set([arrays["linkageRight"]![0]!])],
    ["a node joined before it exists", (arrays) => arrays["linkageLeft"]!.set([points.rows + 3])],
    ["falling distances", (arrays) => arrays["linkageDistance"]!.reverse()],
    ["selected clusters out of order", (arrays) => arrays["selectedClusters"]!.reverse()],
    ["the root selected beside others", (arrays) => arrays["selectedClusters"]!.set([0])],
    ["a cluster without exemplars", (arrays) => arrays["exemplarOffsets"]!.set([0, 0])],
  ])("for %s", (_, change) => {
    expect(restoreWith(({ arrays }) => change(arrays))).toThrow(FormatError);
  });

  test.each<Record<string, unknown>>([
    { minClusterSize: 1 },
    { minClusterSize: "6" },
    { minSamples: null },
    { maxClusterSize: 0 },
    { clusterSelectionMethod: "best" },
    { clusterSelectionMethod: null },
    { allowSingleCluster: 1 },
    { clusterSelectionEpsilon: -1 },
  ])("for %j", (params) => {
    expect(restoreWith((state) => Object.assign(state.params, params))).toThrow(FormatError);
  });

  test("for other points or another kind of stage", () => {
    const clusterer = new HdbscanClusterer({ minClusterSize: 6 });
    const state = fitted.state();
    expect(() => clusterer.restore(state, scatteredPoints(119, 2, 6))).toThrow(FormatError);
    expect(() => clusterer.restore({ ...state, kind: "k-means" }, points)).toThrow(FormatError);
    const damaged = matrix(points.data.slice().fill(Number.NaN, 7, 8), points.rows, points.cols);
    expect(() => clusterer.restore(state, damaged)).toThrow(FormatError);
  });

  function circle(arrays: Record<string, StateArray>): void {
    const row = arrays["treeChild"]!.findIndex((child) => child > points.rows);
    arrays["treeParent"]![row] = arrays["treeChild"]![row]!;
  }

  function repeatPoint(arrays: Record<string, StateArray>): void {
    const [first, second] = [...arrays["treeChild"]!.keys()].filter((row) => arrays["treeSize"]![row] === 1);
    arrays["treeChild"]![first!] = arrays["treeChild"]![second!]!;
  }
});

test.each([-0.1, 1.01, Number.NaN])("refuses %d as the largest share of a cluster", (largestShare) => {
  expect(() => new HdbscanClusterer({ minClusterSize: 5, largestShare })).toThrow(/largestShare/);
});
