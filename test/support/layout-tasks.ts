import { matrix } from "../../src/core/math/matrix.ts";
import { Rng } from "../../src/core/math/rng.ts";
import { nearestNeighbors } from "../../src/core/neighbors/nearest-neighbors.ts";
import { fitCurve } from "../../src/core/umap/curve-fit.ts";
import { fuzzyGraph } from "../../src/core/umap/fuzzy-graph.ts";
import { decayingRates, type LayoutTask } from "../../src/core/umap/layout-task.ts";
import { pullSchedule } from "../../src/core/umap/pull-schedule.ts";

export interface TaskShape {
  readonly rows: number;
  readonly dimensions: number;
  readonly epochs: number;
  readonly negativeSampleRate: number;
  readonly minDist: number;
  readonly seed: number;
  readonly fixed: boolean;
}

/** Points in a few groups, their fuzzy graph, and random places far and near. */
export async function taskOf(shape: TaskShape): Promise<LayoutTask> {
  const { rows, dimensions, epochs, negativeSampleRate, minDist, seed } = shape;
  const rng = new Rng(seed);
  const random = (count: number, cols: number, scale: number) =>
    matrix(
      Float32Array.from({ length: count * cols }, () => scale * rng.uniform()),
      count,
      cols,
    );
  const graph = fuzzyGraph(
    await nearestNeighbors(random(rows, 3, 1), { k: Math.min(rows, 8), metric: "euclidean" }),
  );
  return {
    start: random(rows, dimensions, rng.uniform() < 0.2 ? 1e-7 : 10),
    fixed: shape.fixed ? random(rows, dimensions, 10) : undefined,
    schedule: pullSchedule(graph, { epochs: Math.max(1, epochs), relativeTo: shape.fixed ? "row" : "graph" }),
    curve: fitCurve(minDist, 1),
    repulsionStrength: 1,
    negativeSampleRate,
    learningRates: decayingRates(1, epochs),
    seed,
  };
}

/** So few rows that a thread has one or none, for so many epochs that threads are started for them. */
export function longTask(): Promise<LayoutTask> {
  return taskOf({
    rows: 5,
    dimensions: 3,
    epochs: 40_000,
    negativeSampleRate: 3,
    minDist: 0.1,
    seed: 4,
    fixed: false,
  });
}
