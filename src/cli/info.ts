import { collapsedCount } from "../core/compare/collapsed-reducer.ts";
import { stabilities, stabilityBadge } from "../core/compare/stability-badge.ts";
import { countOutliers, type FittedModel } from "../core/model.ts";
import { ConceptModel } from "../node/concept-model.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { conceptTable } from "./concept-table.ts";
import { basis, printTree } from "./concept-tree.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { warnOfTornEdit } from "./shape-report.ts";
import { printable } from "./table.ts";

export const infoCommand: Command = {
  help: `concept info MODEL     what a saved model holds and how it was made

      --tree            the concepts under concepts of concepts, at several levels
      --by BASIS        with --tree, what puts concepts together: tree (default) or similarity
${COMMON_OPTIONS_HELP}

Example:
  concept info photos.concept`,
  options: { tree: { type: "boolean" }, by: { type: "string" } },
  positionals: [1, 1],
  run: info,
};

/** Names of concepts by the language model that gave them. */
function namesByModel({ concepts }: FittedModel): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { id, name, namedBy } of concepts) {
    if (namedBy !== undefined) names.set(namedBy, [...(names.get(namedBy) ?? []), `${id} ${name}`]);
  }
  return names;
}

/** Nothing where it was not measured. */
function stabilityJson(model: FittedModel): object {
  if (model.stability === undefined) return {};
  const { runs, share, seed } = model.stability;
  const concepts = Array.from(stabilities(model), ([id, value]) => ({
    id,
    stability: value,
    badge: stabilityBadge(value),
  }));
  return { stability: { runs, share, seed, concepts } };
}

async function info(args: Arguments, { terminal }: CommandContext): Promise<number> {
  const model = await ConceptModel.load(args.positionals[0]!);
  warnOfTornEdit(model, { terminal });
  if (args.flag("tree")) return printTree(await model.hierarchy({ by: basis(args) }), terminal);
  if (args.text("by") !== undefined) throw new UsageError("--by goes with --tree");
  const { fitted } = model;
  const { images, imageVectors, parameters, embedder, vocabulary } = fitted;
  const outliers = countOutliers(images);
  if (terminal.json) {
    terminal.printJson({
      images: images.ids.length,
      concepts: fitted.concepts.length,
      outliers,
      outlierShare: model.outlierShare,
      edits: model.edits.length,
      ...(collapsedCount(fitted) === null ? {} : { collapsed: collapsedCount(fitted) }),
      root: images.root,
      dimensions: imageVectors.cols,
      words: vocabulary?.words.length ?? 0,
      embedder,
      parameters,
      ...stabilityJson(fitted),
      named: fitted.concepts.flatMap(({ id, namedBy }) => (namedBy === undefined ? [] : { id, namedBy })),
    });
    return EXIT.done;
  }
  const facts = [
    ["pictures", `${images.ids.length}${images.root === null ? "" : ` from ${images.root}`}`],
    ["concepts", String(fitted.concepts.length)],
    ["in none", `${outliers} (${Math.round((100 * outliers) / images.ids.length)} %)`],
    [
      "embedded by",
      embedder === null ? "unknown (made from vectors)" : `${embedder.model} (${embedder.dtype})`,
    ],
    ["dimensions", String(imageVectors.cols)],
    [
      "vocabulary",
      `${vocabulary?.words.length ?? 0} words, scored by ${parameters.wordScoring}, diversity ${parameters.wordDiversity ?? 0}`,
    ],
    [
      "parameters",
      `min size ${parameters.minConceptSize}, diversity ${parameters.diversity}, seed ${parameters.seed}`,
    ],
  ];
  const collapsed = collapsedCount(fitted);
  if (collapsed !== null) facts.push(["collapsed", `${collapsed} near-duplicates counted with others`]);
  for (const [namer, names] of namesByModel(fitted))
    facts.push(["named by", `${namer}: ${names.join(", ")}`]);
  if (model.edits.length > 0) facts.push(["edits", `${model.edits.length} (concept edit MODEL list)`]);
  const hidden = fitted.concepts.filter((concept) => concept.hidden);
  if (hidden.length > 0) facts.push(["hidden", hidden.map(({ id, name }) => `${id} ${name}`).join(", ")]);
  for (const [name, value] of facts) terminal.print(`${terminal.dim(name!.padEnd(12))} ${printable(value!)}`);
  if (fitted.concepts.length > 0) terminal.print(`\n${conceptTable(fitted, terminal)}`);
  return EXIT.done;
}
