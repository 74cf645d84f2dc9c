// Damages archives, tables and pictures and reads them: node bench/fuzz-inputs.mjs [COUNT] [SEED], a million by default.
// Prints how far it is and the memory in use every 10,000 files; a file that crashes, hangs or exceeds a limit is kept and named.
import { spawnSync } from "node:child_process";

const [count = "1000000", seed = "1"] = process.argv.slice(2);
const env = { ...process.env, FUZZ_COUNT: count, FUZZ_SEED: seed };
const args = ["vitest", "run", "test/node/inputs/fuzz.test.ts", "--disable-console-intercept"];
const { status } = spawnSync("npx", args, { env, stdio: "inherit", shell: process.platform === "win32" });
process.exit(status ?? 1);
