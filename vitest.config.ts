import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Timings never decide a test: the limits only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
