import { describe, expect, it } from "vitest";
import { adjustedMutualInformation, purity } from "./agreement.ts";

describe("measures of agreement", () => {
  it("match scikit-learn's adjusted mutual information", () => {
    const a = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
    const b = [0, 0, 1, 1, 1, 1, 2, 2, 0, 2];
    expect(adjustedMutualInformation(a, b)).toBeCloseTo(0.4772899900014569, 10);
    const c = Array.from({ length: 20 }, (_, i) => i % 2);
    const d = Array.from({ length: 20 }, (_, i) => Math.floor((i % 4) / 2));
    expect(adjustedMutualInformation(c, d)).toBeCloseTo(-0.040640679489000506, 10);
    expect(adjustedMutualInformation(a, a)).toBeCloseTo(1, 10);
  });

  it("count the commonest class of each cluster for purity", () => {
    expect(purity([0, 0, 0, 1], [5, 5, 6, 6])).toBe(0.75);
  });
});
