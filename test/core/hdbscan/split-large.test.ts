import { describe, expect, it } from "vitest";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { splitLargeCluster } from "../../../src/core/hdbscan/split-large.ts";
import { matrix } from "../../../src/core/math/matrix.ts";
import { Rng } from "../../../src/core/math/rng.ts";

/** Points around places on a line, densest in the middle and within 1.5 of it. */
function around(places: readonly number[], perPlace: number) {
  const rng = new Rng(5);
  const spread = (): number => rng.uniform() + rng.uniform() + rng.uniform() - 1.5;
  const data = places.flatMap((place) =>
    Array.from({ length: perPlace }, () => [place + spread(), spread()]).flat(),
  );
  return matrix(Float32Array.from(data), places.length * perPlace, 2);
}

describe("splitting a large cluster", () => {
  it("splits the six thousand animals: one cluster with parts, beside a small one far away", async () => {
    const points = around([0, 2, 4, 60], 100);
    const model = await hdbscan(points, { minClusterSize: 30, minSamples: 10 });
    expect(model.clusterCount).toBe(2);
    const split = splitLargeCluster(model, 0.5);
    expect(split.clusterCount).toBeGreaterThan(2);
  });

  it("leaves a large cluster alone that has no parts, where a size limit would make noise of it", async () => {
    const points = around([0, 0, 0, 30], 100);
    const model = await hdbscan(points, { minClusterSize: 50, minSamples: 10 });
    const split = splitLargeCluster(model, 0.5);
    expect(split.labels).toEqual(model.labels);
  });

  it("changes nothing where no cluster is large", async () => {
    const points = around([0, 20, 40, 60], 60);
    const model = await hdbscan(points, { minClusterSize: 20 });
    expect(model.clusterCount).toBe(4);
    expect(splitLargeCluster(model, 0.5)).toBe(model);
  });
});
