import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterTree } from "../../../src/core/hdbscan/cluster-tree.ts";
import { hdbscan } from "../../../src/core/hdbscan/hdbscan.ts";
import { pointPlaces } from "../../../src/core/hdbscan/point-places.ts";
import { spreadTree, unknownPoints } from "../../../src/core/hdbscan/spread-tree.ts";
import { groupedVectors } from "../../support/collections.ts";

const { vectors } = groupedVectors({ groups: 4, perGroup: 25, spread: 0.7 });
const { condensedTree: tree } = await hdbscan(vectors, { minClusterSize: 5, minSamples: 3 });

describe("a tree spread over other points", () => {
  it("is the tree itself where the points are the same", () => {
    const same = spreadTree(
      tree,
      Int32Array.from({ length: tree.points }, (_, i) => i),
    );
    expect(clusterTree(same)).toEqual(clusterTree(tree));
    expect(pointPlaces(same)).toEqual(pointPlaces(tree));
    expect(unknownPoints(same).every((unknown) => unknown === 0)).toBe(true);
  });

  it("has each point where its source is, and counts the points of each cluster, however many come or go", () => {
    const sources = fc.array(fc.integer({ min: -1, max: tree.points - 1 }), { minLength: 2, maxLength: 300 });
    const before = pointPlaces(tree);
    const shape = clusterTree(tree);
    fc.assert(
      fc.property(sources, (list) => {
        const sourceOf = Int32Array.from(list);
        const spread = spreadTree(tree, sourceOf);
        const places = pointPlaces(spread);
        const clusters = clusterTree(spread);
        list.forEach((source, point) => {
          expect(places.clusters[point]).toBe(source === -1 ? 0 : before.clusters[source]);
          expect(places.lambdas[point]).toBe(source === -1 ? 0 : before.lambdas[source]);
          expect(unknownPoints(spread)[point]).toBe(source === -1 ? 1 : 0);
        });
        for (const key of ["parent", "left", "right", "birth"] as const) {
          expect(clusters[key]).toEqual(shape[key]);
        }
        for (let cluster = 0; cluster < clusters.count; cluster++) {
          const inside = list.filter((source) => {
            let at = source === -1 ? 0 : before.clusters[source]!;
            while (at > cluster) at = shape.parent[at]!;
            return at === cluster;
          });
          expect(clusters.size[cluster]).toBe(inside.length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
