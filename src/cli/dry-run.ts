import type { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type CommandContext, EXIT } from "./command.ts";
import { inputOptions } from "./input-options.ts";
import { StepProgress } from "./progress.ts";
import { reportIgnored, reportSkipped } from "./skipped.ts";
import { textTable } from "./table.ts";

/** Tells what a fit would read, embed and skip. @returns the exit code */
export async function dryRun(
  model: ConceptModel,
  pictures: readonly string[],
  args: Arguments,
  { terminal, signal }: CommandContext,
): Promise<number> {
  const progress = new StepProgress(terminal);
  const survey = await model.survey(pictures, {
    inputs: inputOptions(args),
    signal,
    onProgress: (fraction) => progress.report("look at pictures", fraction),
  });
  const { kinds, fresh, cached, repeated, skipped } = survey;
  if (terminal.json) terminal.printJson(survey);
  else {
    const columns = [
      { title: "from" },
      { title: "pictures", align: "right" },
      { title: "size", align: "right" },
    ] as const;
    terminal.print(
      textTable(
        columns,
        kinds.map(({ kind, pictures: count, bytes }) => [kind, String(count), size(bytes)]),
      ),
    );
    const known = `${cached} are in the cache, ${repeated} are equal to another`;
    terminal.say(`${fresh} pictures would be embedded; ${known}. Nothing was written.`);
    reportSkipped(skipped, terminal);
    reportIgnored(survey.ignored, terminal);
  }
  return skipped.length > 0 ? EXIT.skippedSome : EXIT.done;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
