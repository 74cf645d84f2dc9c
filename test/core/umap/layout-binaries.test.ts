import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
// @ts-expect-error: a script, without types
import { layoutBinaries } from "../../../scripts/build-wasm.mjs";

it("the committed binaries are what the compiler makes of src/wasm", async () => {
  const committed = readFileSync(
    new URL("../../../src/core/umap/layout-binaries.ts", import.meta.url),
    "utf8",
  );
  expect(committed).toBe(await layoutBinaries());
}, 60_000);
