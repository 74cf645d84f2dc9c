// Compiles src/wasm (AssemblyScript) and writes the binaries as base64 into src/core/umap/layout-binaries.ts, which is
// committed: users and most developers never need the compiler. Run `npm run build:wasm` after changing src/wasm.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "src/core/umap/layout-binaries.ts");
const common = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--initialMemory", "1"];

/** @returns {Promise<string>} base64 */
async function compile(entry, flags) {
  let binary;
  const { error, stderr } = await main([entry, ...common, ...flags, "--outFile", "out.wasm"], {
    readFile: (name) => {
      try {
        return readFileSync(join(root, "src/wasm", name), "utf8");
      } catch {
        return null; // The compiler tries several places.
      }
    },
    writeFile: (name, content) => {
      if (name === "out.wasm") binary = content;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${entry}: ${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary).toString("base64");
}

/** @returns {Promise<string>} the text of the generated module */
export async function layoutBinaries() {
  const one = await compile("optimize-rows.ts", ["--enable", "simd,bulk-memory"]);
  const shared = ["--enable", "simd,bulk-memory,threads", "--sharedMemory", "--maximumMemory", "65536"];
  const many = await compile("optimize-together.ts", shared);
  const sparse = await compile("sparse-step.ts", ["--enable", "simd"]);
  return `// Made from src/wasm by scripts/build-wasm.mjs; do not edit.

/** Exports \`optimizeRows(task, from, to, epoch)\`; imports a plain memory. */
export const ONE_THREAD_BINARY: string =
  "${one}";

/** Exports \`optimizeRows\` and \`awaitOthers(task, epoch, threads)\`; imports a shared memory. */
export const THREADS_BINARY: string =
  "${many}";

/** Exports \`sparseStep\`; imports a plain memory. */
export const SPARSE_STEP_BINARY: string =
  "${sparse}";
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await layoutBinaries();
  writeFileSync(target, text);
  console.log(`${target}: ${text.length} characters`);
}
