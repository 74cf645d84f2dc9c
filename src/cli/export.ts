import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FittedModel } from "../core/model.ts";
import { ConceptModel } from "../node/concept-model.ts";
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

export const exportCommand: Command = {
  name: "export",
  summary: "take concepts and pictures along as JSON, CSV or Parquet",
  help: `concept export MODEL --to json               everything as one JSON object on stdout
concept export MODEL --to csv|parquet -o DIR  the tables images and concepts as files

      --to FORMAT       json, csv or parquet
  -o, --output PATH     json: a file instead of stdout; csv, parquet: the folder for the tables
                        (default: the model's name with -csv or -parquet, in the working folder)
${COMMON_OPTIONS_HELP}

Examples:
  concept export photos.concept --to json > photos.json
  concept export photos.concept --to csv -o tables`,
  options: { to: { type: "string" }, output: { type: "string", short: "o" } },
  positionals: [1, 1],
  run: exportModel,
};

async function exportModel(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const folder = args.positionals[0]!;
  const format = args.choice("to", ["json", "csv", "parquet"]);
  if (format === undefined) throw new UsageError("Say what to export to: --to json, csv or parquet");
  const { fitted } = await ConceptModel.load(folder);
  const output = args.text("output");
  if (format === "json") {
    const json = modelJson(fitted);
    if (output === undefined) terminal.printJson(json);
    else await writeFile(output, `${JSON.stringify(json, null, 2)}\n`);
    return EXIT.done;
  }
  const name = path.basename(path.resolve(folder), ".concept");
  const files = await writeTables(fitted, format, output ?? `${name}-${format}`);
  if (terminal.json) terminal.printJson({ files });
  else for (const file of files) terminal.print(file);
  return EXIT.done;
}

function modelJson(model: FittedModel): object {
  const { images, concepts } = model;
  return {
    concepts: concepts.map(({ id, name, size, words, exemplars }) => ({
      id,
      name,
      size,
      words,
      exemplars: Array.from(exemplars, (row) => imagePath(images, row)),
    })),
    images: images.paths.map((_, row) => ({
      path: imagePath(images, row),
      concept: images.concepts[row],
      probability: images.probabilities[row],
      x: images.map.data[2 * row],
      y: images.map.data[2 * row + 1],
    })),
  };
}

async function writeTables(model: FittedModel, format: "csv" | "parquet", folder: string): Promise<string[]> {
  const tables: Record<string, ExportTable> = {
    images: imagesTable(model, (row) => imagePath(model.images, row)),
    concepts: conceptsTable(model, (row) => imagePath(model.images, row)),
  };
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [name, table] of Object.entries(tables)) {
    const file = path.join(folder, `${name}.${format}`);
    await writeFile(file, format === "csv" ? tableToCsv(table) : tableToParquet(table));
    files.push(file);
  }
  return files;
}
