import path from "node:path";
import type { EditRequest } from "../core/edits/edit-request.ts";
import type { ImageTable } from "../core/model.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { editLine, shapeAndSave, shapeLine, shapeOf, warnOfTornEdit } from "./shape-report.ts";

export const editCommand: Command = {
  help: `concept edit MODEL rename ID NAME          call a concept something else
concept edit MODEL merge ID ID...          make one of several; the first keeps its id
concept edit MODEL split ID [--into K]     part a concept, along its tree or into K
concept edit MODEL pin|unpin ID            keep a concept as it is when the model is recut, or not
concept edit MODEL hide|show ID            leave a concept out of lists, charts and exports, and its pictures
                                       out of searches too, or not
concept edit MODEL move PICTURE... --to ID|none|new    put pictures where they belong
concept edit MODEL outliers membership|exemplar|neighbors [--threshold T]    give pictures in none to concepts
concept edit MODEL undo                    take the last edit back
concept edit MODEL list                    the edits so far

PICTURE is a path, as the model has it or from here. The fit is never changed: edits are kept in a log beside it
(edits.jsonl) and written at once.
${COMMON_OPTIONS_HELP}

Examples:
  concept edit photos.concept rename 3 "the old harbour"
  concept edit photos.concept merge 3 17 21
  concept edit photos.concept move IMG_1.jpg IMG_2.jpg --to new`,
  options: { into: { type: "string" }, to: { type: "string" }, threshold: { type: "string" } },
  positionals: [2, Infinity],
  run: edit,
};

async function edit(args: Arguments, context: CommandContext): Promise<number> {
  const [folder, action, ...rest] = args.positionals;
  const takesRest = action !== "list" && action !== "undo";
  if (!takesRest && rest.length > 0) throw new UsageError(`concept edit MODEL ${action} takes nothing more`);
  const read = takesRest ? requestReader(action!, rest, args) : null;
  const model = await ConceptModel.load(folder!);
  warnOfTornEdit(model, context);
  if (action === "list") return listEdits(model, context);
  const { terminal, signal } = context;
  let said = "";
  const report = await shapeAndSave(
    model,
    async () => {
      if (read !== null) {
        said = editLine(await model.edit(read(model.fitted.images), { signal }));
        return;
      }
      const undone = model.undo();
      said = undone === null ? "There is nothing to undo" : `Undone: ${editLine(undone)}`;
    },
    context,
  );
  if (terminal.json) terminal.printJson({ ...report, edit: said, edits: model.edits.length });
  else terminal.print(`${said}.\n${shapeLine(report)}.`);
  return EXIT.done;
}

function listEdits(model: ConceptModel, { terminal }: CommandContext): number {
  const lines = model.edits.map(editLine);
  if (terminal.json) terminal.printJson({ ...shapeOf(model.fitted), edits: lines });
  else
    terminal.print(lines.length === 0 ? "No edits." : lines.map((line, i) => `${i + 1}  ${line}`).join("\n"));
  return EXIT.done;
}

/** What is asked for, as soon as the pictures of the model are known. @throws UsageError before any work is done */
function requestReader(
  action: string,
  words: readonly string[],
  args: Arguments,
): (images: ImageTable) => EditRequest {
  requireOptions(action, args);
  const request = (value: EditRequest) => () => value;
  switch (action) {
    case "rename": {
      const [id, ...name] = atLeast(words, 2, "rename takes an id and a name");
      return request({ kind: "rename", concept: conceptId(id!), name: name.join(" ") });
    }
    case "merge":
      return request({
        kind: "merge",
        concepts: atLeast(words, 2, "merge takes two ids or more").map(conceptId),
      });
    case "split":
      return request({
        kind: "split",
        concept: onlyId(action, words),
        into: args.integer("into", { min: 2 }),
      });
    case "pin":
    case "unpin":
      return request({ kind: "pin", concept: onlyId(action, words), pinned: action === "pin" });
    case "hide":
    case "show":
      return request({ kind: "hide", concept: onlyId(action, words), hidden: action === "hide" });
    case "move": {
      const to = moveTarget(args.text("to"));
      const names = atLeast(words, 1, "move takes pictures");
      return (images) => ({ kind: "move", pictures: names.map((name) => pictureName(images, name)), to });
    }
    case "outliers":
      return request({
        kind: "outliers",
        strategy: outlierStrategy(words),
        threshold: args.number("threshold", { min: 0, max: 1 }),
      });
    default:
      throw new UsageError(
        `concept edit knows rename, merge, split, pin, unpin, hide, show, move, outliers, undo and list, found "${action}"`,
      );
  }
}

/** Options belong to one action each: elsewhere they were meant otherwise. */
function requireOptions(action: string, args: Arguments): void {
  for (const [name, owner] of [
    ["into", "split"],
    ["to", "move"],
    ["threshold", "outliers"],
  ] as const) {
    if (args.text(name) !== undefined && action !== owner)
      throw new UsageError(`--${name} goes with ${owner}`);
  }
}

function atLeast(words: readonly string[], least: number, message: string): readonly string[] {
  if (words.length < least) throw new UsageError(message);
  return words;
}

function onlyId(action: string, words: readonly string[]): number {
  if (words.length !== 1) throw new UsageError(`${action} takes one id`);
  return conceptId(words[0]!);
}

function conceptId(word: string): number {
  if (!/^\d{1,10}$/.test(word)) throw new UsageError(`An id of a concept is a number, found "${word}"`);
  return Number(word);
}

function moveTarget(to: string | undefined): number | "none" | "new" {
  if (to === undefined) throw new UsageError("move takes --to ID, none or new");
  return to === "none" || to === "new" ? to : conceptId(to);
}

function outlierStrategy(words: readonly string[]): "membership" | "exemplar" | "neighbors" {
  const found = (["membership", "exemplar", "neighbors"] as const).find((strategy) => strategy === words[0]);
  if (found === undefined || words.length !== 1) {
    throw new UsageError("outliers takes membership, exemplar or neighbors");
  }
  return found;
}

/** The name that the model has for a picture: as given, or for a path from here. */
function pictureName({ paths, root }: ImageTable, name: string): string {
  if (root === null || paths.includes(name)) return name;
  const below = path.relative(root, path.resolve(name)).split(path.sep).join("/");
  return paths.includes(below) ? below : name;
}
