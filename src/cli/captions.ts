import type { CaptionReport } from "../core/captions/caption-report.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { printable, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export const captionsCommand: Command = {
  help: `concept captions MODEL     concepts whose captions do not speak of them, words that no picture shows,
                           captions that do not fit their pictures

The model was fitted with captions (concept fit --captions ...). Everything is judged against a background of
the same collection: 0.5 is chance, 1 tells all apart.

  -t, --top N           rows of each list (default 20; all with --json)
      --min-pictures N  words said of fewer pictures are not judged (default 5)
      --misfit S        a caption that fits this share of other pictures as well as its own does not fit
                        (default 0.25)
  -m, --model NAME      for models made from vectors: the embedding model that made them
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept captions photos.concept
  concept captions photos.concept --misfit 0.5 --json`,
  options: {
    ...MODEL_OPTIONS,
    top: { type: "string", short: "t" },
    "min-pictures": { type: "string" },
    misfit: { type: "string" },
  },
  positionals: [1, 1],
  run: captions,
};

async function captions(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const top = args.integer("top", { min: 1 }) ?? (terminal.json ? Number.POSITIVE_INFINITY : 20);
  const options = {
    minPictures: args.integer("min-pictures", { min: 1 }),
    misfitShare: args.number("misfit", { min: 0, max: 1 }),
  };
  const model = await ConceptModel.load(args.positionals[0]!, modelOptions(args));
  try {
    const progress = new StepProgress(terminal);
    const report = await model.captionReport({
      ...options,
      signal,
      onProgress: (fraction) => progress.report("compare captions", fraction),
    });
    if (terminal.json) {
      const words = report.words.slice(0, top);
      terminal.printJson({ ...report, words, misfits: report.misfits.slice(0, top) });
    } else {
      printReport(report, top, terminal);
    }
  } finally {
    await model.close();
  }
  return EXIT.done;
}

function printReport(report: CaptionReport, top: number, terminal: Terminal): void {
  terminal.print(
    `${report.captioned} of ${report.pictures} pictures have captions, ${report.captions} in all.`,
  );
  printConcepts(report, terminal);
  const unseen = report.words.filter(({ shown }) => !shown);
  terminal.print(
    `\n${terminal.bold(`Words that no picture shows: ${unseen.length} of ${report.words.length}`)}`,
  );
  if (unseen.length > 0) {
    terminal.print(
      textTable(
        [{ title: "auc" }, { title: "pictures", align: "right" }, { title: "word" }],
        unseen.slice(0, top).map(({ auc, pictures, word }) => [auc.toFixed(2), String(pictures), word]),
      ),
    );
  }
  const { misfits } = report;
  terminal.print(`\n${terminal.bold(`Captions that do not fit: ${misfits.length} of ${report.captions}`)}`);
  if (misfits.length > 0) {
    terminal.print(
      textTable(
        [{ title: "fits others", align: "right" }, { title: "picture" }, { title: "caption" }],
        misfits
          .slice(0, top)
          .map(({ share, path, caption }) => [`${Math.round(100 * share)} %`, path, shortened(caption)]),
      ),
    );
  }
}

function printConcepts({ concepts }: CaptionReport, terminal: Terminal): void {
  if (concepts.length === 0) return;
  terminal.print(`\n${terminal.bold("Concepts and what their captions say")}`);
  terminal.print(
    textTable(
      [
        { title: "id", align: "right" },
        { title: "captioned", align: "right" },
        { title: "power" },
        { title: "concept" },
        { title: "said" },
      ],
      concepts.map(({ id, size, captioned, power, name, words, said }) => [
        String(id),
        `${captioned}/${size}`,
        power === null ? "-" : power.toFixed(2),
        name,
        `${said ? "" : "NOT SAID: "}${words.map(({ word, score }) => `${word} ${score.toFixed(2)}`).join(", ")}`,
      ]),
    ),
  );
}

function shortened(caption: string): string {
  const line = printable(caption.replace(/\s+/g, " "));
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
