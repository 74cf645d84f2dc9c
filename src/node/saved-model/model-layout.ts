/** The first words of every `model.json`. */
export const formatName = "conceptmodel";
export const formatVersion = 1;

export const manifestFile = "model.json";
export const imageTableFile = "images.parquet";
export const conceptTableFile = "concepts.parquet";
export const wordTableFile = "words.parquet";
export const imageVectorFile = "vectors/images.npy";
export const conceptVectorFile = "vectors/concepts.npy";
export const wordVectorFile = "vectors/words.npy";
/** The clusterer's condensed tree, where it has one (see `tree-table.ts`). */
export const treeTableFile = "tree.parquet";

/**
 * What follows from the rest, for other programs: soft memberships and concepts of concepts of the fit. This package checks the
 * bytes and computes the content anew when asked; absent where there is none, and in models of earlier versions.
 */
export const membershipTableFile = "memberships.parquet";
export const hierarchyTableFile = "hierarchy.parquet";
export const derivedFiles: readonly string[] = [membershipTableFile, hierarchyTableFile];

/** What people made of the fit; absent where they changed nothing. The only file that changes in place. */
export const editLogFile = "edits.jsonl";
/** There while the log is written. */
export const editLogLockFile = "edits.jsonl.lock";

/**
 * Sheets of small pictures for the explorer, by a key of what they show (`src/node/thumbnails`). They follow from the rest, have no
 * hash in the manifest, and are drawn again where they are missing.
 */
export const thumbnailFolder = "thumbnails";

/** The stages' folders, each with one `.npy` an array. */
export const stageFolders = { reducer: "reducer", mapReducer: "map", clusterer: "clusterer" } as const;
export type StageName = keyof typeof stageFolders;
export const stageNames: readonly StageName[] = ["reducer", "mapReducer", "clusterer"];

/** Where a stage's array is stored. @param name must pass `isArrayName` */
export function stageArrayFile(stage: StageName, name: string): string {
  return `${stageFolders[stage]}/${name}.npy`;
}

/** Names of arrays become file names: letters, digits and underscores only. */
export function isArrayName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name);
}

export const imageColumns = {
  id: "text",
  path: "text",
  bytes: "int64",
  concept: "int32",
  probability: "float32",
  x: "float32",
  y: "float32",
} as const;

/** The texts that came with the images: in the table of images, where there are any. */
export const captionColumns = { captions: "text list" } as const;

/** Before the name of a user's column, so that theirs and ours never meet: none of ours begins so. */
export const userColumnPrefix = "user_";

/** How the values of a user's column are stored. */
export const userColumnTypes = { text: "text", number: "float64?", date: "date?" } as const;

export const conceptColumns = {
  id: "int32",
  name: "text",
  size: "int32",
  words: "text list",
  scores: "float64 list",
  exemplars: "int32 list",
  exemplar_paths: "text list",
} as const;

/** In the table of concepts, where the words were put to the test: one value a word, 0 to 1. */
export const proofColumns = { aucs: "float64 list", precisions: "float64 list" } as const;

/** In the table of concepts, where it was measured. */
export const stabilityColumns = { stability: "float64" } as const;

export const wordColumns = { word: "text" } as const;

/** In the table of words, where they were looked up: at least one a word. */
export const lemmaColumns = { lemmas: "text list" } as const;

/** `image` counts the rows of the table of images. */
export const membershipColumns = { image: "int32", concept: "int32", strength: "float32" } as const;

export const hierarchyColumns = {
  id: "int32",
  level: "int32",
  parent: "int32",
  name: "text",
  size: "int32",
  words: "text list",
  scores: "float64 list",
  exemplars: "int32 list",
} as const;

export const treeColumns = {
  parent: "int32",
  child: "int32",
  lambda: "float64",
  size: "int32",
} as const;

/** Everything that may lie in a saved model, also what systems leave in folders: only such a folder is replaced. */
export function isModelFile(path: string): boolean {
  const files = [manifestFile, imageTableFile, conceptTableFile, wordTableFile, treeTableFile, editLogFile];
  if (derivedFiles.includes(path)) return true;
  if (path.startsWith(editLogLockFile) && !path.includes("/")) return true;
  if (files.includes(path) || [".DS_Store", "Thumbs.db", "desktop.ini"].includes(path)) return true;
  const [folder, file, ...deeper] = path.split("/");
  if (folder === thumbnailFolder)
    return file === undefined || /^[0-9a-f]{32}\/$/.test(path.slice(folder.length + 1));
  const folders = ["vectors", ...Object.values(stageFolders)];
  return folders.includes(folder!) && deeper.length === 0 && (file === undefined || file.endsWith(".npy"));
}
