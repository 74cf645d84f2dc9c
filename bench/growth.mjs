// Draws how the seconds of a fit grow with the number of vectors, from what `fit.mjs --json` and `versus.mjs --json` wrote:
// `node bench/growth.mjs FILE... [--out docs/images/growth]` writes .svg and .png.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadCollageFonts } from "../dist/node/collage/collage-fonts.js";
import { rasterize } from "../dist/node/collage/rasterize.js";

const WIDTH = 960;
const HEIGHT = 616;
const PLOT = { left: 76, right: 714, top: 92, bottom: 520 };
const LABEL_GAP = 19;
const INK = { text: "#17181b", muted: "#5f636b", grid: "#e8e8e4", guide: "#a9adb5", faint: "#7a7f87" };

/** Drawn in this order, the last on top. Hues keep apart for colour-blind eyes, and read on white as text. */
const STAGES = [
  { label: "start and reading", steps: ["start", "read"], colour: "#7a7f87" },
  { label: "exemplars and words", steps: ["represent"], colour: "#a23c86" },
  { label: "neighbours", steps: ["neighbors"], colour: "#0067a8" },
  { label: "map and clusters", steps: ["map", "cluster"], colour: "#9a6a00" },
  { label: "layout, 5 dimensions", steps: ["reduce"], colour: "#c44601" },
  { label: "whole fit", steps: ["total"], colour: INK.text, strong: true },
];

const { values: options, positionals } = parseArgs({
  options: { out: { type: "string", default: "docs/images/growth" } },
  allowPositionals: true,
});

/** Lines of JSON; of several of one size the last counts. */
function readRuns(files) {
  const lines = files
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));
  const ours = new Map(lines.filter(({ name }) => name === undefined).map((run) => [run.rows, run]));
  const peers = new Map();
  for (const { name, state, program, rows, seconds } of lines) {
    if (name === undefined || name === "ours" || state !== "warm") continue;
    if (!peers.has(program)) peers.set(program, new Map());
    peers.get(program).set(rows, seconds.total);
  }
  const bySize = (a, b) => a.rows - b.rows;
  return {
    ours: [...ours.values()].sort(bySize),
    peers: [...peers].map(([program, totals]) => ({
      label: program,
      points: [...totals].map(([rows, seconds]) => ({ rows, seconds })).sort(bySize),
    })),
  };
}

function stageSeries(runs) {
  return STAGES.map(({ label, steps, colour, strong = false }) => ({
    label,
    colour,
    strong,
    points: runs
      .map(({ rows, seconds }) => ({
        rows,
        seconds: steps.reduce((sum, step) => sum + (seconds[step] ?? 0), 0),
      }))
      .filter(({ seconds }) => seconds > 0),
  })).filter(({ points }) => points.length > 0);
}

/** Logarithmic scales, seconds on whole decades, numbers of vectors with a little air at both sides. */
function scales(series) {
  const points = series.flatMap((each) => each.points);
  const rows = points.map((point) => Math.log10(point.rows));
  const seconds = points.map((point) => Math.log10(point.seconds));
  const [first, last] = [Math.min(...rows), Math.max(...rows)];
  const air = Math.max(0.05, (last - first) * 0.04);
  const low = Math.max(-2, Math.floor(Math.min(...seconds)));
  const high = Math.ceil(Math.max(...seconds));
  const between = (value, from, to, a, b) => a + ((value - from) / (to - from)) * (b - a);
  return {
    decades: Array.from({ length: high - low + 1 }, (_, i) => low + i),
    x: (count) => between(Math.log10(count), first - air, last + air, PLOT.left, PLOT.right),
    y: (time) => between(Math.max(Math.log10(time), low), low, high, PLOT.bottom, PLOT.top),
  };
}

function text(
  x,
  y,
  content,
  { anchor = "start", size = 13, colour = INK.text, weight = 400, halo = false } = {},
) {
  const behind = halo ? ' stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' : "";
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${colour}"${behind}>${escaped(content)}</text>`;
}

const line = (x1, y1, x2, y2, colour, extra = "") =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}"${extra} />`;

function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function grid({ decades, x, y }, sizes) {
  const rows = decades.map((decade) => {
    const height = y(10 ** decade);
    return (
      line(PLOT.left, height, PLOT.right, height, INK.grid) +
      text(PLOT.left - 12, height + 4.5, duration(10 ** decade), { anchor: "end", colour: INK.muted })
    );
  });
  const columns = sizes.map(
    (size) =>
      line(x(size), PLOT.bottom, x(size), PLOT.bottom + 6, INK.muted) +
      text(x(size), PLOT.bottom + 24, size.toLocaleString("en"), { anchor: "middle", colour: INK.muted }),
  );
  const axis = text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 50, "vectors", {
    anchor: "middle",
    colour: INK.muted,
  });
  return [...rows, line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, INK.muted), ...columns, axis].join(
    "",
  );
}

/** How steep a cost that grows with n is, and one with n squared: a key in the empty corner. */
function slopes({ x, y, decades }, sizes) {
  const [first, last] = [sizes.at(-1) / 5, sizes.at(-1)];
  const base = 10 ** decades[0] * 1.5;
  return [1, 2]
    .map((power) => {
      const top = y(base * (last / first) ** power);
      const dash = ' stroke-dasharray="1 5" stroke-linecap="round" stroke-width="1.75"';
      const name = text(x(last) + 8, top + 4.5, power === 1 ? "as n" : "as n²", { colour: INK.faint });
      return line(x(first), y(base), x(last), top, INK.guide, dash) + name;
    })
    .join("");
}

function curve({ points, colour, strong, dashed = false }, { x, y }) {
  const path = points.map(
    ({ rows, seconds }, i) => `${i ? "L" : "M"}${x(rows).toFixed(1)} ${y(seconds).toFixed(1)}`,
  );
  const dash = dashed ? ' stroke-dasharray="6 5"' : "";
  const dots = points.map(
    ({ rows, seconds }) =>
      `<circle cx="${x(rows).toFixed(1)}" cy="${y(seconds).toFixed(1)}" r="${strong ? 4.5 : 3}" fill="${colour}" stroke="#fff" stroke-width="1.5" />`,
  );
  return `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="${strong ? 3 : 1.75}" stroke-linejoin="round"${dash} />${dots.join("")}`;
}

/** The seconds of the whole fit, above its points but the last, which has its label. */
function values(series, { x, y }) {
  return series.points
    .slice(0, -1)
    .map(({ rows, seconds }) =>
      text(x(rows), y(seconds) - 13, duration(seconds), { anchor: "middle", weight: 600, halo: true }),
    )
    .join("");
}

/** Names at the right ends of the stages' curves. */
function stageLabels(series, { x, y }) {
  const left = PLOT.right + 22;
  return spread(series, ({ points }) => y(points.at(-1).seconds))
    .map(({ label, colour, strong, points, from, at }) => {
      const leader = line(x(points.at(-1).rows) + 8, from, left - 5, at, colour, ' stroke-opacity="0.45"');
      const name = `${label}, ${duration(points.at(-1).seconds)}`;
      return leader + text(left, at + 4.5, name, { colour, weight: strong ? 600 : 400, size: 13.5 });
    })
    .join("");
}

/** Names above the peers' curves, which end early. */
function peerLabels(series, { x, y }) {
  return spread(series, ({ points }) => Math.min(...points.map(({ seconds }) => y(seconds))) - 16)
    .map(({ label, colour, points, at }) =>
      text(x(points[0].rows), at, `${label}, warm`, { colour, halo: true }),
    )
    .join("");
}

/** Heights of labels, from the top, pushed down where they would touch. */
function spread(series, height) {
  const placed = series.map((each) => ({ ...each, from: height(each), at: height(each) }));
  placed.sort((a, b) => a.at - b.at);
  for (let i = 1; i < placed.length; i++) placed[i].at = Math.max(placed[i].at, placed[i - 1].at + LABEL_GAP);
  return placed;
}

function duration(seconds) {
  if (seconds < 0.95) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 9.95) return `${Number(seconds.toPrecision(2))} s`;
  return `${Math.round(seconds).toLocaleString("en")} s`;
}

function draw({ ours, peers }) {
  const stages = stageSeries(ours);
  const others = peers.map((peer) => ({ ...peer, colour: INK.faint, strong: false, dashed: true }));
  const sizes = ours.map(({ rows }) => rows);
  const within = scales([...stages, ...others]);
  const { program, runtime, machine } = ours.at(-1);
  const title = "From vectors to concepts: time against number";
  const note =
    "512-dimensional vectors like those of CLIP; both axes logarithmic; the whole process, from its start";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="Inter, system-ui, sans-serif">`,
    `<title>${title}</title><rect width="100%" height="100%" fill="#fff" />`,
    text(24, 38, title, { size: 21, weight: 600 }),
    text(24, 62, note, { size: 13.5, colour: INK.muted }),
    grid(within, sizes),
    slopes(within, sizes),
    ...others.map((series) => curve(series, within)),
    ...stages.map((series) => curve(series, within)),
    values(stages.at(-1), within),
    stageLabels(stages, within),
    peerLabels(others, within),
    text(24, HEIGHT - 14, `${program}, ${runtime}, ${machine.replace(/, load.*/, "")}`, {
      size: 11.5,
      colour: INK.muted,
    }),
    "</svg>",
  ].join("\n");
}

const svg = draw(readRuns(positionals));
const { files } = await loadCollageFonts();
const { png } = await rasterize(svg, { scale: 2, fontFiles: files, fontFallback: "none" });
writeFileSync(`${options.out}.svg`, `${svg}\n`);
writeFileSync(`${options.out}.png`, png);
