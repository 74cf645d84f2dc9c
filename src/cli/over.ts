import type { OverChartOptions } from "../core/charts/over-chart.ts";
import { type ConceptOver, type ConceptsOver, strongestBin } from "../core/compare/concepts-over.ts";
import { percentText } from "../core/view/collage-summary.ts";
import { drawConceptsOver } from "../node/charts/over-chart.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { writeWholeFile } from "../node/export/fresh-folder.ts";
import { type ExportTable, tableToCsv, tableToParquet } from "../node/export-tables.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { textTable } from "./table.ts";

export const overCommand: Command = {
  help: `concept over MODEL --by date|COLUMN     where concepts are many, and where more than chance

COLUMN is one of the model or of --table. date is a column of dates; where there is none,
the days on which the files were last changed. For each concept: counts and shares in each year, month, day or class,
and where it is over-represented (log odds with a prior).

      --by COLUMN       date, or the name of a column
      --table FILE      a .csv, .tsv, .jsonl or .parquet that has the column
      --key COLUMN      the table's column of paths, file names or hashes (default: path, file, name ...)
      --bin UNIT        year, month, day, or auto (default), for dates (UTC)
  -o, --output FILE     everything: .csv, .parquet or .json; or drawn: .png or .svg
      --csv             everything as CSV on stdout
  -t, --top N           how many concepts are listed (default all) or drawn (default 12), largest first
      --theme NAME      light (default) or dark
      --title TEXT      heading
      --root DIR        where the pictures are now, if they were moved
${COMMON_OPTIONS_HELP}

Examples:
  concept over photos.concept --by date -o years.png --bin year
  concept over photos.concept --by photographer --table photos.csv --key file
  concept over photos.concept --by taken -o over-time.parquet`,
  options: {
    by: { type: "string" },
    table: { type: "string" },
    key: { type: "string" },
    bin: { type: "string" },
    csv: { type: "boolean" },
    output: { type: "string", short: "o" },
    top: { type: "string", short: "t" },
    theme: { type: "string" },
    title: { type: "string" },
    root: { type: "string" },
  },
  positionals: [1, 1],
  run: over,
};

async function over(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const by = args.text("by");
  if (by === undefined) throw new UsageError("Say over what: --by date, or --by and the name of a column");
  const output = args.text("output");
  if (output !== undefined && !/\.(csv|parquet|json|png|svg)$/i.test(output)) {
    throw new UsageError(`-o ends in .csv, .parquet, .json, .png or .svg, found "${output}"`);
  }
  const asCsv = args.flag("csv");
  if (asCsv && terminal.json) throw new UsageError("--csv and --json do not go together");
  const source = { table: args.text("table"), key: args.text("key"), root: args.text("root") };
  const bin = args.choice("bin", ["year", "month", "day", "auto"]);
  const drawing = {
    top: args.integer("top", { min: 1, max: 300 }),
    theme: args.choice("theme", ["light", "dark"]),
    title: args.text("title"),
  };
  const model = await ConceptModel.load(args.positionals[0]!);
  const found = await model.conceptsOver(by, { ...source, bin });
  if (output !== undefined) await writeOver(found, output, drawing);
  if (terminal.json) terminal.printJson(overJson(found));
  else if (asCsv) terminal.print(tableToCsv(overTable(found)).trimEnd());
  else if (output !== undefined) terminal.print(output);
  else terminal.print(strongestTable(found, drawing.top));
  if (found.unknown > 0) terminal.say(`${found.unknown} pictures are left out: they have no ${found.by}.`);
  return EXIT.done;
}

async function writeOver(found: ConceptsOver, output: string, drawing: OverChartOptions): Promise<void> {
  if (/\.(png|svg)$/i.test(output)) await (await drawConceptsOver(found, drawing)).write(output);
  else await writeWholeFile(output, [overFile(found, output)]);
}

function overFile(found: ConceptsOver, output: string): string | Uint8Array {
  if (/\.json$/i.test(output)) return `${JSON.stringify(overJson(found), null, 2)}\n`;
  return /\.csv$/i.test(output) ? tableToCsv(overTable(found)) : tableToParquet(overTable(found));
}

/** A bin's share against the share of all; 0 where the concept has no pictures. */
function lift({ shares, share }: ConceptOver, bin: number): number {
  return share === 0 ? 0 : shares[bin]! / share;
}

/** Arrays have one entry a bin. */
function overJson(found: ConceptsOver): object {
  const concepts = found.concepts.map((concept) => ({
    id: concept.id,
    name: concept.name,
    size: concept.size,
    share: concept.share,
    counts: Array.from(concept.counts),
    shares: Array.from(concept.shares),
    logOdds: Array.from(concept.logOdds),
    zScores: Array.from(concept.zScores),
  }));
  return { ...found, concepts };
}

/** One row a concept and bin. */
function overTable({ bins, concepts }: ConceptsOver): ExportTable {
  const rows = concepts.flatMap((concept) => bins.map((bin, place) => ({ concept, bin, place })));
  const numbers = (value: (row: (typeof rows)[number]) => number): Float64Array =>
    Float64Array.from(rows, value);
  return {
    columns: {
      concept: "int32",
      name: "text",
      bin: "text",
      count: "int32",
      bin_pictures: "int32",
      share: "float64",
      lift: "float64",
      log_odds: "float64",
      z: "float64",
    },
    values: {
      concept: Int32Array.from(rows, ({ concept }) => concept.id),
      name: rows.map(({ concept }) => concept.name),
      bin: rows.map(({ bin }) => bin.label),
      count: Int32Array.from(rows, ({ concept, place }) => concept.counts[place]!),
      bin_pictures: Int32Array.from(rows, ({ bin }) => bin.pictures),
      share: numbers(({ concept, place }) => concept.shares[place]!),
      lift: numbers(({ concept, place }) => lift(concept, place)),
      log_odds: numbers(({ concept, place }) => concept.logOdds[place]!),
      z: numbers(({ concept, place }) => concept.zScores[place]!),
    },
  };
}

function strongestTable({ by, bins, concepts }: ConceptsOver, top: number | undefined): string {
  const rows = concepts.slice(0, top).map((concept) => {
    const bin = strongestBin(concept);
    const told =
      bin === null
        ? ["-", "-", "-", "-"]
        : [
            bins[bin]!.label,
            percentText(concept.shares[bin]!),
            `${lift(concept, bin).toFixed(1)} x`,
            concept.zScores[bin]!.toFixed(1),
          ];
    const id = concept.id === -1 ? "-" : String(concept.id);
    return [id, String(concept.size), concept.name, percentText(concept.share), ...told];
  });
  const right = "right" as const;
  const columns = [
    { title: "id", align: right },
    { title: "pictures", align: right },
    { title: "name" },
    { title: "of all", align: right },
    { title: `most in (${by})` },
    { title: "there", align: right },
    { title: "lift", align: right },
    { title: "z", align: right },
  ];
  return textTable(columns, rows);
}
