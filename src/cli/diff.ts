import type { LoneConcept, ModelDiff, SharingConcept } from "../core/compare/model-diff.ts";
import { countText, percentText } from "../core/view/collage-summary.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { type Column, textTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export const diffCommand: Command = {
  help: `concept diff BEFORE AFTER     what became of the concepts of one model in another

The collections should overlap: pictures are matched by content, wherever they lie now, and concepts by the
pictures they share. Where no picture is in both, concepts are matched by their vectors, if one embedding
model made both.

      --all             also the concepts that stayed as they were
${COMMON_OPTIONS_HELP}

Examples:
  concept diff photos-2025.concept photos-2026.concept
  concept diff a.concept b.concept --json`,
  options: { all: { type: "boolean" } },
  positionals: [2, 2],
  run: diff,
};

async function diff(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const [before, after] = args.positionals;
  const [earlier, later] = [await ConceptModel.load(before!), await ConceptModel.load(after!)];
  const found = earlier.diff(later);
  if (terminal.json) terminal.printJson(found);
  else printDiff(found, args.flag("all"), terminal);
  return EXIT.done;
}

const COLUMNS: readonly Column[] = [
  { title: "change" },
  { title: "before" },
  { title: "after" },
  { title: "shared", align: "right" },
  { title: "" },
];

function printDiff(found: ModelDiff, withUnchanged: boolean, terminal: Terminal): void {
  const unchanged = found.continued.filter(({ change, isRenamed }) => change === "same" && !isRenamed);
  const rows = [
    ...found.died.map((concept) => ["died", named(concept), "-", "-", whyLone(found, concept, "now")]),
    ...found.born.map((concept) => ["born", "-", named(concept), "-", whyLone(found, concept, "before")]),
    ...found.split.flatMap(({ before, into }) =>
      into.map((part, i) => [i === 0 ? "split" : "", i === 0 ? named(before) : "", ...sharing(part)]),
    ),
    ...found.merged.flatMap(({ after, from }) =>
      from.map((part, i) => [
        i === 0 ? "merged" : "",
        named(part),
        i === 0 ? named(after) : "",
        countText(part.shared),
        "",
      ]),
    ),
    ...found.continued
      .filter((concept) => withUnchanged || !unchanged.includes(concept))
      .map(({ before, after, change, isRenamed, shared, similarity }) => [
        change === "same" && isRenamed ? "renamed" : change,
        named(before),
        named(after),
        similarity === undefined ? countText(shared) : "-",
        similarity === undefined ? "" : `similarity ${similarity.toFixed(2)}`,
      ]),
  ];
  terminal.print(pictureLine(found));
  if (found.matchedBy === "vectors") {
    terminal.print(
      "No picture is in both collections: concepts were matched by their vectors, which tells what looks alike.",
    );
  }
  if (rows.length > 0) {
    const [heading, ...lines] = textTable(COLUMNS, rows).split("\n");
    terminal.print(`\n${terminal.bold(heading!)}\n${lines.join("\n")}`);
  }
  if (unchanged.length > 0 && !withUnchanged) {
    terminal.print(
      `\n${unchanged.length === 1 ? "1 concept" : `${unchanged.length} concepts`} stayed as they were (--all lists them).`,
    );
  }
}

function pictureLine({ pictures }: ModelDiff): string {
  const { before, after, shared, added, removed, relocated, moved } = pictures;
  const parts = [
    `${countText(before)} pictures before, ${countText(after)} after: ${countText(shared)} in both`,
    `${countText(added.length)} added`,
    `${countText(removed.length)} removed`,
    ...(relocated.length > 0 ? [`${countText(relocated.length)} at another path`] : []),
    ...(shared > 0
      ? [`${countText(moved.length)} moved to another concept (${percentText(moved.length / shared)})`]
      : []),
  ];
  return parts.join(", ");
}

function named({
  id,
  name,
  size,
}: {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}): string {
  return `${id} ${name} (${countText(size)})`;
}

function sharing(part: SharingConcept): string[] {
  return [named(part), countText(part.shared), ""];
}

/** Why a concept has no counterpart. */
function whyLone(
  { matchedBy }: ModelDiff,
  { size, kept, unassigned }: LoneConcept,
  when: "now" | "before",
): string {
  if (matchedBy === "vectors") return "nothing like it";
  const absent = size - kept;
  if (absent > size / 2) {
    return `${countText(absent)} of its ${countText(size)} pictures are ${when === "now" ? "gone" : "new"}`;
  }
  const loose = when === "now" ? "are in no concept now" : "were in no concept before";
  if (unassigned > kept / 2) return `${countText(unassigned)} of its pictures ${loose}`;
  return when === "now" ? "its pictures are spread over others" : "its pictures come from several others";
}
