// The explorer's charts: milliseconds to bin columns once, and for one step of a brush: its filter, and the counts of all charts.
// `node bench/charts.mjs [100000 1000000]`
import { build } from "rolldown";
import { machine } from "./machine.mjs";

const CHARTS = 6;
const STEPS = 60;
const sizes = process.argv.slice(2).map(Number);

const { output } = await build({
  input: "charts",
  write: false,
  plugins: [
    {
      name: "charts",
      resolveId: (id) => (id === "charts" ? id : null),
      load: (id) =>
        id === "charts"
          ? ["compare/dimension.ts", "compare/count-rows.ts", "state/filtered-rows.ts"]
              .map(
                (file) =>
                  `export * from ${JSON.stringify(new URL(`../src/web/${file}`, import.meta.url).pathname)};`,
              )
              .join("\n")
          : null,
    },
  ],
});
const code = Buffer.from(output[0].code).toString("base64");
const { rangeDimension, textDimension, countRows, filteredRows } = await import(
  `data:text/javascript;base64,${code}`
);

console.log(await machine());
for (const rows of sizes.length > 0 ? sizes : [100_000, 1_000_000]) measure(rows);

function measure(rows) {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const dates = Float64Array.from({ length: rows }, () => 1.2e12 + random() * 5e11);
  const numbers = Float64Array.from({ length: rows }, () => random() * 1000);
  const codes = Int32Array.from({ length: rows }, () => Math.floor(random() ** 2 * 200));
  const start = performance.now();
  const charts = [rangeDimension(dates, "date"), rangeDimension(numbers, "number")];
  while (charts.length < CHARTS)
    charts.push(
      textDimension(
        codes,
        Array.from({ length: 200 }, (_, i) => i),
      ),
    );
  const binned = performance.now() - start;

  const columns = new Map([[0, { type: "date", values: Array.from(dates) }]]);
  const points = { concepts: codes, probabilities: new Float32Array(rows) };
  const texts = { kind: "texts", codes: [3, 5, 8] };
  const taken = [];
  for (let step = 0; step < STEPS; step++) {
    const from = 1.2e12 + (step * 4e11) / STEPS;
    const begun = performance.now();
    const filters = new Map([
      [0, { kind: "range", from, to: from + 1e11 }],
      [-1, texts],
    ]);
    const { failures, fails } = filteredRows({ filters, columns, points });
    charts.forEach((chart, place) => {
      countRows(chart, { selected: null, failures, ownFails: place === 0 ? fails.get(0) : null });
    });
    taken.push(performance.now() - begun);
  }
  taken.sort((a, b) => a - b);
  console.log(
    `${rows.toLocaleString("en")} rows, ${CHARTS} charts, 2 filters: ${binned.toFixed(0)} ms to bin, ` +
      `${taken[STEPS / 2].toFixed(1)} ms a step of the brush (least ${taken[0].toFixed(1)}, most ${taken.at(-1).toFixed(1)})`,
  );
}
