import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/core/math/matrix.ts";
import type { FittedModel } from "../../../src/core/model.ts";
import { checkAgreement } from "../../../src/node/saved-model/check-agreement.ts";
import { sampleModel } from "./sample-model.ts";

const model = await sampleModel();

function scaled(
  { data, rows, cols }: FittedModel["imageVectors"],
  factor: number,
): FittedModel["imageVectors"] {
  return matrix(
    data.map((value) => value * factor),
    rows,
    cols,
  );
}

describe("a forged model with right hashes", () => {
  it("is told by parts that disagree, where it once gave wrong answers", async () => {
    await checkAgreement(model);
    const forgeries: Partial<FittedModel>[] = [
      { conceptOfLabel: model.conceptOfLabel.slice().reverse() },
      { imageVectors: scaled(model.imageVectors, 3e30) },
      { imageVectors: scaled(model.imageVectors, Number.NaN) },
      { conceptVectors: scaled(model.conceptVectors, 3e30) },
      { images: { ...model.images, probabilities: model.images.probabilities.map((p) => p / 2) } },
      { images: { ...model.images, map: scaled(model.images.map, 2) } },
    ];
    for (const forgery of forgeries) {
      await expect(checkAgreement({ ...model, ...forgery }), Object.keys(forgery)[0]).rejects.toThrow(
        /cannot be used/,
      );
    }
  });
});
