import { countText } from "../core/view/collage-summary.ts";
import { ConceptModel } from "../node/concept-model.ts";
import type { DuplicatePicture, RankedDuplicates } from "../node/duplicates.ts";
import { tableToCsv } from "../node/export-tables.ts";
import { locate } from "../node/inputs/location.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { printable, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export const duplicatesCommand: Command = {
  help: `concept duplicates MODEL     groups of near-duplicates, the one to keep first

Pictures are near-duplicates where the model's embedding sees hardly a difference: copies that were encoded
again, resized or slightly cropped, and the pictures of a burst. The sharpest stands first; of equally sharp
ones the largest. No file is ever changed or deleted.

      --threshold D     largest cosine distance from the middle of a group (default: 0.03 of the median
                        distance between two pictures of the collection)
  -t, --top N           how many groups are listed, largest first (default 20; --json and --csv: all)
      --csv             all as CSV on stdout: group, keep, path, distance, sharpness, width, height, bytes
      --root DIR        where the pictures are now, if they were moved
${COMMON_OPTIONS_HELP}

Examples:
  concept duplicates photos.concept
  concept duplicates photos.concept --csv > duplicates.csv

Exit codes: as for concept fit; 3 where pictures of groups could not be read (listed, last in their groups).`,
  options: {
    threshold: { type: "string" },
    top: { type: "string", short: "t" },
    csv: { type: "boolean" },
    root: { type: "string" },
  },
  positionals: [1, 1],
  run: duplicates,
};

const SHOWN_GROUPS = 20;
/** Of a large group so many pictures are listed. */
const SHOWN_PICTURES = 8;

async function duplicates(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const asCsv = args.flag("csv");
  if (asCsv && terminal.json) throw new UsageError("--csv and --json do not go together");
  const threshold = args.number("threshold", { min: 0, max: 2 });
  const top = args.integer("top", { min: 1 });
  const model = await ConceptModel.load(args.positionals[0]!);
  const progress = new StepProgress(terminal);
  const found = await model.rankDuplicates({
    threshold,
    root: args.text("root"),
    signal,
    onProgress: (step, fraction) => progress.report(step, fraction),
  });
  const shown = {
    ...found,
    groups: found.groups.slice(0, top ?? (asCsv || terminal.json ? Infinity : SHOWN_GROUPS)),
  };
  if (terminal.json) terminal.printJson(duplicatesJson(shown, model));
  else if (asCsv) terminal.print(duplicatesCsv(shown, model).trimEnd());
  else printGroups(found, shown.groups, terminal);
  if (found.unreadable.length === 0) return EXIT.done;
  terminal.warn(`${found.unreadable.length} pictures could not be read and were put last in their groups:`);
  for (const name of found.unreadable) terminal.warn(`  ${printable(name)}`);
  return EXIT.skippedSome;
}

function absolutePath(model: ConceptModel, { path: name }: DuplicatePicture): string {
  const { root } = model.fitted.images;
  return root === null ? name : locate(root, name);
}

function duplicatesJson({ threshold, groups, unreadable }: RankedDuplicates, model: ConceptModel): object {
  const told = (picture: DuplicatePicture): object => {
    const { row: _row, ...rest } = picture;
    return { ...rest, path: absolutePath(model, picture) };
  };
  return { threshold, groups: groups.map((group) => group.map(told)), unreadable };
}

function duplicatesCsv({ groups }: RankedDuplicates, model: ConceptModel): string {
  const rows = groups.flatMap((group, number) =>
    group.map((picture, place) => ({ ...picture, number, keep: place === 0 ? "yes" : "no" })),
  );
  return tableToCsv({
    columns: {
      group: "int32",
      keep: "text",
      path: "text",
      distance: "float64",
      sharpness: "text",
      width: "int32",
      height: "int32",
      bytes: "int64",
    },
    values: {
      group: Int32Array.from(rows, ({ number }) => number),
      keep: rows.map(({ keep }) => keep),
      path: rows.map((picture) => absolutePath(model, picture)),
      distance: Float64Array.from(rows, ({ distance }) => distance),
      sharpness: rows.map(({ sharpness }) => (sharpness === null ? "" : sharpness.toFixed(1))),
      width: Int32Array.from(rows, ({ width }) => width),
      height: Int32Array.from(rows, ({ height }) => height),
      bytes: Float64Array.from(rows, ({ bytes }) => bytes),
    },
  });
}

function printGroups(
  { groups, threshold }: RankedDuplicates,
  shown: RankedDuplicates["groups"],
  terminal: Terminal,
): void {
  const spare = groups.reduce((sum, group) => sum + group.length - 1, 0);
  if (groups.length === 0) {
    terminal.print(`No near-duplicates within a distance of ${threshold.toPrecision(2)}.`);
    return;
  }
  const rows = shown.flatMap((group, number) => groupRows(group, number));
  const columns = [
    { title: "group", align: "right" as const },
    { title: "" },
    { title: "distance", align: "right" as const },
    { title: "sharpness", align: "right" as const },
    { title: "pixels", align: "right" as const },
    { title: "picture" },
  ];
  terminal.print(textTable(columns, rows));
  const more = shown.length < groups.length ? ` The largest ${shown.length} are listed.` : "";
  terminal.say(
    `${countText(groups.length)} groups of near-duplicates; without them ${countText(spare)} pictures less.${more}`,
  );
}

function groupRows(group: readonly DuplicatePicture[], number: number): string[][] {
  const rows = group
    .slice(0, SHOWN_PICTURES)
    .map((picture, place) => [
      place === 0 ? String(number) : "",
      place === 0 ? "keep" : "",
      place === 0 ? "" : picture.distance.toFixed(4),
      picture.sharpness === null ? "-" : picture.sharpness.toFixed(0),
      picture.width === 0 ? "-" : `${picture.width} x ${picture.height}`,
      picture.path,
    ]);
  const rest = group.length - rows.length;
  return rest > 0 ? [...rows, ["", "", "", "", "", `... and ${countText(rest)} more`]] : rows;
}
