import { describe, expect, it } from "vitest";
import { visitProducts } from "../../../src/core/math/all-products.ts";
import { dot, row, zeros } from "../../../src/core/math/matrix.ts";
import { referenceKernels } from "../../../src/core/math/reference-kernels.ts";
import { scatteredVectors } from "../../support/collections.ts";

describe("all products", () => {
  it("come in the order of the points, for each query, over many blocks", async () => {
    const points = scatteredVectors(90, 3);
    const queries = scatteredVectors(9000, 3, 5);
    let next = 0;
    await visitProducts(points, queries, referenceKernels, (query, products) => {
      expect(query).toBe(next++);
      if (query % 997 !== 0) return;
      for (let i = 0; i < points.rows; i++) {
        if (Math.abs(products[i]! - dot(row(points, i), row(queries, query))) > 1e-5)
          throw new Error(`${query} ${i}`);
      }
    });
    expect(next).toBe(queries.rows);
  });

  it("are none where there is nothing to multiply", async () => {
    const some = scatteredVectors(3, 4);
    const visit = (): void => expect.unreachable();
    await visitProducts(zeros(0, 4), some, referenceKernels, visit);
    await visitProducts(some, zeros(0, 4), referenceKernels, visit);
  });
});
