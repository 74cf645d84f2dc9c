import { beforeAll, describe, expect, it } from "vitest";
import { type Memberships, membershipsOf } from "../../../src/core/edits/memberships.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { edited, sixConcepts } from "./shaped-models.ts";

let base: FittedModel;
beforeAll(async () => {
  base = await sixConcepts();
});

/** Strengths of one picture by concept. */
function ofPicture({ offsets, concepts, strengths }: Memberships, row: number): Map<number, number> {
  const places = Array.from({ length: offsets[row + 1]! - offsets[row]! }, (_, i) => offsets[row]! + i);
  return new Map(places.map((place) => [concepts[place]!, strengths[place]!]));
}

describe("soft memberships", () => {
  it("tell the strongest concepts of each picture first, and agree with the labels", async () => {
    const memberships = await membershipsOf(base);
    let agreeing = 0;
    let members = 0;
    base.images.concepts.forEach((concept, row) => {
      const strengths = [...ofPicture(memberships, row)];
      expect(strengths.length).toBeLessThanOrEqual(5);
      const values = strengths.map(([, strength]) => strength);
      expect(values).toEqual([...values].sort((a, b) => b - a));
      expect(values.every((value) => value > 0 && value <= 1)).toBe(true);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(1 + 1e-6);
      if (concept === -1) return;
      members++;
      if (strengths[0]?.[0] === concept) agreeing++;
    });
    expect(agreeing / members).toBeGreaterThan(0.95);
    // Outliers are near something, too.
    const outlier = base.images.concepts.indexOf(-1);
    expect(ofPicture(memberships, outlier).size).toBeGreaterThan(0);
  });

  it("are those of hdbscan, where clusters have few exemplars", async () => {
    const all = await membershipsOf(base, { perPicture: 6 });
    const { clusterer, conceptOfLabel } = base;
    await clusterer.visitMemberships!(Int32Array.of(0, 77, 279), (row, strengths) => {
      const found = ofPicture(all, row);
      strengths.forEach((strength, label) => {
        expect(found.get(conceptOfLabel[label]!) ?? 0).toBeCloseTo(strength, 6);
      });
    });
  });

  it("add up for merged concepts, and are certain for pictures moved by hand", async () => {
    const row = base.images.concepts.indexOf(5);
    const shaped = await edited(
      base,
      { kind: "merge", concepts: [0, 3] },
      { kind: "move", pictures: [row], to: 2 },
      { kind: "move", pictures: [base.images.concepts.indexOf(1)], to: "none" },
    );
    const [before, after] = [
      await membershipsOf(base, { perPicture: 9 }),
      await membershipsOf(shaped, { perPicture: 9 }),
    ];
    const picture = base.images.concepts.indexOf(3);
    const parts = ofPicture(before, picture);
    expect(ofPicture(after, picture).get(0)).toBeCloseTo((parts.get(0) ?? 0) + (parts.get(3) ?? 0), 6);
    expect([...ofPicture(after, row)]).toEqual([[2, 1]]);
    expect(ofPicture(after, base.images.concepts.indexOf(1)).size).toBe(0);
  });

  it("follow a recut", async () => {
    const shaped = await edited(base, { kind: "recut", concepts: 3 });
    const { concepts } = await membershipsOf(shaped);
    const ids = new Set(shaped.concepts.map(({ id }) => id));
    expect([...new Set(concepts)].every((id) => ids.has(id))).toBe(true);
  });
});
