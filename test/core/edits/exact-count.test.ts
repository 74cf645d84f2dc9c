import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupingAfter } from "../../../src/core/edits/apply-edits.ts";
import { ownersOfCut, pinnedIds } from "../../../src/core/edits/cut-owners.ts";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { baseOf, editsOf } from "../../../src/core/edits/plan-edit.ts";
import { InputError } from "../../../src/core/errors.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { assertSound, edited, sixConcepts } from "./shaped-models.ts";

const base = await sixConcepts();

/** The plain way: every number of groups there is, and how many concepts come of it. */
function reachable(model: FittedModel, minClusterSize: number | undefined): Set<number> {
  const grouping = groupingAfter(baseOf(model), editsOf(model));
  const kept = pinnedIds(grouping).size;
  const { clusterer } = grouping.base;
  const conceptsOf = (clusterCount: number, size: number): number | null => {
    try {
      const cut = { clusterCount, minClusterSize: size };
      return ownersOfCut(grouping, clusterer.recut!(cut), cut).drafts.length + kept;
    } catch {
      return null;
    }
  };
  const counts = new Set<number>();
  // Where the size is left open: that of the fit, else the largest that allows so many groups, which falls as they become more.
  let open = 140;
  for (let clusterCount = 2; clusterCount <= 140; clusterCount++) {
    let found = conceptsOf(clusterCount, minClusterSize ?? 15);
    while (found === null && minClusterSize === undefined && open >= 2) {
      found = conceptsOf(clusterCount, open);
      if (found === null) open--;
    }
    if (found === null) break;
    counts.add(found);
  }
  return counts;
}

const pins = (ids: readonly number[]): EditRequest[] => ids.map((concept) => ({ kind: "pin", concept }));

/** Recut first, then some of the concepts pinned, then some pictures moved. */
async function pinnedModel(
  first: number,
  places: readonly number[],
  moved: readonly number[],
): Promise<FittedModel> {
  const cut = await edited(base, { kind: "recut", concepts: first, minConceptSize: 3 });
  const ids = cut.concepts.map(({ id }) => id);
  const chosen = [...new Set(places.map((place) => ids[place % ids.length]!))];
  const pinned = await edited(cut, ...pins(chosen));
  return moved.length === 0 ? pinned : edited(pinned, { kind: "move", pictures: moved, to: chosen[0]! });
}

describe("an exact number of concepts beside pinned ones", () => {
  it.each([
    4,
    15,
    undefined,
  ])("is given whenever any number of groups gives it, else refused with the nearest there is (size %s)", async (minConceptSize) => {
    let [given, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 279 }), { maxLength: 40 }),
        fc.array(fc.integer({ min: 2, max: 12 }), { minLength: 3, maxLength: 3 }),
        async (first, places, moved, numbers) => {
          const pinned = await pinnedModel(first, places, moved);
          const counts = reachable(pinned, minConceptSize);
          for (const wanted of numbers) {
            const request: EditRequest = { kind: "recut", concepts: wanted, minConceptSize };
            if (counts.has(wanted)) {
              const found = await edited(pinned, request);
              assertSound(found);
              expect(found.concepts).toHaveLength(wanted);
              given++;
              continue;
            }
            const error = await edited(pinned, request).catch((fault: unknown) => fault);
            expect(error).toBeInstanceOf(InputError);
            expect(error).toMatchObject({ code: "BAD_OPTION" });
            refused++;
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(given).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  }, 60_000);

  it("is refused at once where the pinned alone are more", async () => {
    const ids = base.concepts.map(({ id }) => id);
    const pinned = await edited(base, ...pins(ids.slice(0, 4)));
    await expect(edited(pinned, { kind: "recut", concepts: 3 })).rejects.toMatchObject({
      message: expect.stringMatching(/exactly 3/),
      found: "4 concepts at the nearest",
    });
  });

  it("says the nearest number where none gives it", async () => {
    const pinned = await edited(base, ...pins(base.concepts.map(({ id }) => id)));
    const counts = [...reachable(pinned, 15)];
    const wanted = Math.max(...counts) + 1;
    const error = (await edited(pinned, {
      kind: "recut",
      concepts: wanted,
      minConceptSize: 15,
    }).catch((fault: unknown) => fault)) as InputError;
    expect(error.found).toMatch(new RegExp(`^(${counts.join("|")}) concepts at the nearest`));
  });
});
