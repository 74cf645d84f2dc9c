import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Much of a test's time is waiting for a command or a browser: no processor is left out.
    maxWorkers: "100%",
    // Timings never decide a test: the limits only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
