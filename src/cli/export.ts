import path from "node:path";
import type { FittedModel } from "../core/model.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { exportModel } from "../node/export/export-model.ts";
import { writeWholeFile } from "../node/export/fresh-folder.ts";
import { modelJson } from "../node/export/model-json.ts";
import {
  conceptsTable,
  type ExportTable,
  imagesTable,
  tableToCsv,
  tableToParquet,
} from "../node/export-tables.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { imagePath } from "./image-path.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { reportSkipped } from "./skipped.ts";

const FORMATS = ["json", "csv", "parquet", "folders", "coco", "fiftyone", "atlas"] as const;
type Format = (typeof FORMATS)[number];

/** What the default name of the output ends in. */
const ENDINGS: Readonly<Record<Exclude<Format, "json">, string>> = {
  csv: "-csv",
  parquet: "-parquet",
  folders: "-folders",
  coco: "-coco.json",
  fiftyone: "-fiftyone",
  atlas: "-atlas.parquet",
};

export const exportCommand: Command = {
  help: `concept export MODEL --to json               everything as one JSON object on stdout
concept export MODEL --to csv|parquet -o DIR  the tables images and concepts as files
concept export MODEL --to folders -o DIR      a folder for each concept, with links to its pictures
concept export MODEL --to coco -o FILE        COCO's JSON: concepts as categories, boxes around whole pictures
concept export MODEL --to fiftyone -o DIR     a FiftyOneImageClassificationDataset
concept export MODEL --to atlas -o FILE       a Parquet table for Embedding Atlas

      --to FORMAT       json, csv, parquet, folders, coco, fiftyone or atlas
  -o, --output PATH     json: a file instead of stdout; else the file or folder to make
                        (default: the model's name with the format, in the working folder)
      --link KIND       folders: symlink (default), hard or copy; where a link cannot be had, a copy
${COMMON_OPTIONS_HELP}

folders and fiftyone want a new or empty folder. Hidden concepts are left out but for json, csv and parquet.

Examples:
  concept export photos.concept --to json > photos.json
  concept export photos.concept --to csv -o tables
  concept export photos.concept --to folders -o sorted --link copy`,
  options: { to: { type: "string" }, output: { type: "string", short: "o" }, link: { type: "string" } },
  positionals: [1, 1],
  run: runExport,
};

async function runExport(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const folder = args.positionals[0]!;
  const format = args.choice("to", FORMATS);
  if (format === undefined) throw new UsageError(`Say what to export to: --to ${FORMATS.join(", ")}`);
  const link = args.choice("link", ["symlink", "hard", "copy"]);
  if (link !== undefined && format !== "folders") throw new UsageError("--link goes with --to folders");
  const { fitted } = await ConceptModel.load(folder);
  const output = args.text("output");
  if (format === "json") {
    const json = modelJson(fitted, (row) => imagePath(fitted.images, row));
    if (output === undefined) terminal.printJson(json);
    else await writeWholeFile(output, [`${JSON.stringify(json, null, 2)}\n`]);
    return EXIT.done;
  }
  const name = path.basename(path.resolve(folder), ".concept");
  const target = output ?? `${name}${ENDINGS[format]}`;
  if (format === "csv" || format === "parquet") {
    const files = await writeTables(fitted, format, target);
    if (terminal.json) terminal.printJson({ files });
    else for (const file of files) terminal.print(file);
    return EXIT.done;
  }
  const onProgress = (fraction: number): void => terminal.progress("pictures", fraction);
  const report = await exportModel(fitted, format, target, { signal, onProgress, link });
  if (terminal.json) terminal.printJson({ files: [target], ...report });
  else {
    terminal.print(target);
    reportSkipped(report.skipped, terminal);
  }
  return report.skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}

async function writeTables(model: FittedModel, format: "csv" | "parquet", folder: string): Promise<string[]> {
  const tables: Record<string, ExportTable> = {
    images: imagesTable(model, (row) => imagePath(model.images, row)),
    concepts: conceptsTable(model, (row) => imagePath(model.images, row)),
  };
  const files: string[] = [];
  for (const [name, table] of Object.entries(tables)) {
    const file = path.join(folder, `${name}.${format}`);
    await writeWholeFile(file, [format === "csv" ? tableToCsv(table) : tableToParquet(table)]);
    files.push(file);
  }
  return files;
}
