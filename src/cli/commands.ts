import type { Command } from "./command.ts";

/** A subcommand as the overview lists it. */
export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  /** Each has a file of its own, which is read when it is called: those of all take longer to start than some take to run. */
  load(): Promise<Command>;
}

export const COMMANDS: readonly ListedCommand[] = [
  {
    name: "fit",
    summary: "find the concepts of a folder of pictures and save them",
    load: async () => (await import("./fit.ts")).fitCommand,
  },
  {
    name: "visualize",
    summary: "draw concepts with their pictures and words",
    load: async () => (await import("./visualize.ts")).visualizeCommand,
  },
  {
    name: "explore",
    summary: "see and shape a model in the browser",
    load: async () => (await import("./explore.ts")).exploreCommand,
  },
  {
    name: "report",
    summary: "write everything as one page to send around: map, concepts, search",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  {
    name: "search",
    summary: "find concepts and pictures by words, pictures or both",
    load: async () => (await import("./search.ts")).searchCommand,
  },
  {
    name: "assign",
    summary: "find the concepts of new pictures",
    load: async () => (await import("./assign.ts")).assignCommand,
  },
  {
    name: "update",
    summary: "bring a model up to date with its folder",
    load: async () => (await import("./update.ts")).updateCommand,
  },
  {
    name: "captions",
    summary: "what pictures show against what their captions say",
    load: async () => (await import("./captions.ts")).captionsCommand,
  },
  {
    name: "info",
    summary: "what a saved model holds and how it was made",
    load: async () => (await import("./info.ts")).infoCommand,
  },
  {
    name: "recut",
    summary: "more concepts, or fewer, without fitting again",
    load: async () => (await import("./recut.ts")).recutCommand,
  },
  {
    name: "edit",
    summary: "merge, split, rename, pin and hide concepts, move pictures, undo",
    load: async () => (await import("./edit.ts")).editCommand,
  },
  {
    name: "name",
    summary: "let a language model name the concepts",
    load: async () => (await import("./name.ts")).nameCommand,
  },
  {
    name: "duplicates",
    summary: "near-duplicates and bursts, the sharpest picture of each first",
    load: async () => (await import("./duplicates.ts")).duplicatesCommand,
  },
  {
    name: "similarity",
    summary: "which concepts are alike, as a table, a heatmap or a tree",
    load: async () => (await import("./similarity.ts")).similarityCommand,
  },
  {
    name: "over",
    summary: "concepts over time, or over the classes of any column",
    load: async () => (await import("./over.ts")).overCommand,
  },
  {
    name: "stability",
    summary: "which concepts are found again in parts of the collection",
    load: async () => (await import("./stability.ts")).stabilityCommand,
  },
  {
    name: "diff",
    summary: "what changed between two models",
    load: async () => (await import("./diff.ts")).diffCommand,
  },
  {
    name: "export",
    summary: "take concepts and pictures along: folders, tables, COCO, FiftyOne, Embedding Atlas",
    load: async () => (await import("./export.ts")).exportCommand,
  },
];
