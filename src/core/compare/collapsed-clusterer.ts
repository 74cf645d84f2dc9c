import { spreadTree } from "../hdbscan/spread-tree.ts";
import { type Matrix, takeRows } from "../math/matrix.ts";
import { type DistinctRows, distinctRows } from "../neighbors/distinct-rows.ts";
import type {
  ClusterAssignment,
  ClusterCut,
  Clusterer,
  FittedClusterer,
  StageContext,
  StageState,
  WorkOptions,
} from "../stages.ts";

const KIND_PREFIX = "collapsed-";

/**
 * A clusterer that counts points at one place as one: what a `CollapsedReducer` put there are near-duplicates. HDBSCAN knows no
 * weights, so the first point of each place is clustered and the others inherit its label and strength; sizes of clusters,
 * such as the smallest, count places.
 */
export class CollapsedClusterer implements Clusterer {
  readonly kind: string;
  private readonly inner: Clusterer;

  constructor(inner: Clusterer) {
    this.kind = KIND_PREFIX + inner.kind;
    this.inner = inner;
  }

  async fit(points: Matrix, context: StageContext): Promise<FittedClusterer> {
    const places = distinctRows(points);
    return collapsed(await this.inner.fit(takeRows(points, firstRows(places)), context), places);
  }

  restore({ params, arrays }: StageState, points: Matrix): FittedClusterer {
    const places = distinctRows(points);
    const state = { kind: this.inner.kind, params, arrays };
    return collapsed(this.inner.restore(state, takeRows(points, firstRows(places))), places);
  }
}

function firstRows({ count, offsets, members }: DistinctRows): Int32Array {
  return Int32Array.from({ length: count }, (_, place) => members[offsets[place]!]!);
}

/** A clustering of places as one of points. */
function collapsed(inner: FittedClusterer, places: DistinctRows): FittedClusterer {
  const { groups } = places;
  const firsts = firstRows(places);
  return {
    kind: KIND_PREFIX + inner.kind,
    clusterCount: inner.clusterCount,
    labels: groups.map((place) => inner.labels[place]!),
    probabilities: Float32Array.from(groups, (place) => inner.probabilities[place]!),
    exemplars: inner.exemplars.map((exemplars) => exemplars.map((place) => firsts[place]!)),
    predict: (points: Matrix): ClusterAssignment => inner.predict(points),
    state: (): StageState => ({ ...inner.state(), kind: KIND_PREFIX + inner.kind }),
    ...cutsOf(inner, places),
  };
}

/** What the inner clusterer can do beyond clustering. */
function cutsOf(
  inner: FittedClusterer,
  places: DistinctRows,
): Pick<FittedClusterer, "recut" | "countRange" | "condensedTree" | "visitMemberships"> {
  const { recut, countRange, condensedTree, visitMemberships } = inner;
  return {
    ...(recut === undefined ? {} : { recut: (cut: ClusterCut) => collapsed(recut.call(inner, cut), places) }),
    ...(countRange === undefined ? {} : { countRange: (size?: number) => countRange.call(inner, size) }),
    ...(condensedTree === undefined
      ? {}
      : { condensedTree: (size: number) => spreadTree(condensedTree.call(inner, size), places.groups) }),
    ...(visitMemberships === undefined
      ? {}
      : {
          visitMemberships: async (
            points: Int32Array,
            visit: (point: number, strengths: Float64Array) => void,
            work?: WorkOptions,
          ): Promise<void> => {
            const pointsAt = new Map<number, number[]>();
            for (const point of points) {
              const place = places.groups[point]!;
              const others = pointsAt.get(place);
              if (others === undefined) pointsAt.set(place, [point]);
              else others.push(point);
            }
            const visitPlace = (place: number, strengths: Float64Array): void => {
              for (const point of pointsAt.get(place)!) visit(point, strengths);
            };
            await visitMemberships.call(inner, Int32Array.from(pointsAt.keys()), visitPlace, work);
          },
        }),
  };
}
