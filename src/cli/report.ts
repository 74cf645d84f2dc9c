import { ConceptModel } from "../node/concept-model.ts";
import { writeReport } from "../node/report/write-report.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { reportSkipped } from "./skipped.ts";

export const reportCommand: Command = {
  help: `concept report MODEL -o FILE     one .html file with map, thumbnails, concepts, words and search over the
                                 vocabulary; opens anywhere, without server or network

  -o, --output FILE     the page
      --title TEXT      heading
      --root DIR        where the pictures are now, if they were moved
${COMMON_OPTIONS_HELP}

The pictures are in it as thumbnails, and their paths: mind whom you send it to.

Example:
  concept report photos.concept -o photos.html --title "Our photos"`,
  options: {
    output: { type: "string", short: "o" },
    title: { type: "string" },
    root: { type: "string" },
  },
  positionals: [1, 1],
  run: writeReportFile,
};

async function writeReportFile(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const output = args.text("output");
  if (output === undefined) throw new UsageError("Say where to write: -o report.html");
  if (!/\.html?$/i.test(output)) throw new UsageError(`-o ends in .html, found "${output}"`);
  const { fitted } = await ConceptModel.load(args.positionals[0]!);
  const { bytes, missing } = await writeReport(fitted, output, {
    title: args.text("title"),
    root: args.text("root"),
    signal,
    onStep: (step, fraction) => terminal.progress(step, fraction),
  });
  const skipped = missing.map(({ row, reason }) => ({ path: fitted.images.paths[row]!, reason }));
  if (terminal.json) terminal.printJson({ file: output, bytes, missing: skipped });
  else {
    terminal.print(output);
    terminal.say(`${(bytes / 1e6).toFixed(1)} MB`);
    reportSkipped(skipped, terminal);
  }
  return missing.length > 0 ? EXIT.skippedSome : EXIT.done;
}
