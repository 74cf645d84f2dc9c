// One fit in a process of its own, as somebody with vectors calls it, for `fit.mjs` and `versus.mjs`; prints JSON.
const started = Number(process.env["BENCH_STARTED"] ?? Date.now());
const { parseArgs } = await import("node:util");
const { values: options } = parseArgs({
  options: {
    vectors: { type: "string" },
    words: { type: "string" },
    "no-map": { type: "boolean", default: false },
  },
});
const { ConceptModel, readVectors } = await import("../dist/node/index.js");
const { IdentityReducer } = await import("../dist/core/index.js");

const seconds = {};
// performance.now() begins with the process; the runner's clock began when it asked for one.
let before = started - performance.timeOrigin;
const begin = before;
/** The last thing reported of a step is its end, whatever came before. */
function end(step) {
  const now = performance.now();
  seconds[step] = (seconds[step] ?? 0) + (now - before) / 1000;
  before = now;
}

end("start");
const [images, words] = await Promise.all([options.vectors, options.words].map(readVectors));
end("read");
const model = new ConceptModel(options["no-map"] ? { mapReducer: new IdentityReducer() } : {});
await model.fit([], {
  imageEmbeddings: images.vectors,
  docs: Array.from({ length: words.vectors.rows }, (_, i) => `word${i}`),
  docEmbeddings: words.vectors,
  onProgress: end,
});
end("represent");

const { concepts, images: table } = model.fitted;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(
  JSON.stringify({
    rows: images.vectors.rows,
    map: !options["no-map"],
    seconds: { ...seconds, total: (before - begin) / 1000 },
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMB: maxRSS / 1024,
    concepts: concepts.length,
    noise: table.concepts.reduce((count, concept) => count + (concept === -1), 0) / table.concepts.length,
  }),
);
