import path from "node:path";
import type { CollectionOptions } from "../node/inputs/collection.ts";
import { isAddress } from "../node/inputs/location.ts";
import { readPathList } from "../node/inputs/path-list.ts";
import { type Arguments, type OptionTable, UsageError } from "./command.ts";

/** Options that say what of folders, archives and tables is taken. */
export const FOLDER_OPTIONS: OptionTable = {
  exclude: { type: "string", multiple: true },
  "image-column": { type: "string" },
  frames: { type: "string" },
  svg: { type: "boolean" },
  "allow-private-addresses": { type: "boolean" },
};

export const FOLDER_OPTIONS_HELP: string = `      --exclude PATTERN     leave out, as a line of .gitignore would; may be given again and again
      --image-column NAME   the column of tables with the pictures (default: image, path, file_name, url ...)
      --frames N            of videos take a frame every N seconds (default 5), or one a scene: scenes
      --svg                 drawings (.svg) are pictures too
      --allow-private-addresses   fetch from addresses of this machine and its network too`;

/** Options that say which pictures are taken. */
export const INPUT_OPTIONS: OptionTable = { "from-file": { type: "string" }, ...FOLDER_OPTIONS };

export const INPUT_OPTIONS_HELP: string = `      --from-file LIST      take what LIST names too, one a line or separated by NUL; - is standard input
${FOLDER_OPTIONS_HELP}`;

export function inputOptions(args: Arguments): CollectionOptions {
  return {
    exclude: args.texts("exclude"),
    imageColumn: args.text("image-column"),
    frames: args.text("frames") === "scenes" ? "scenes" : args.number("frames", { min: 0.04, max: 86_400 }),
    svg: args.flag("svg"),
    // Without the flag the environment decides.
    allowPrivateAddresses: args.flag("allow-private-addresses") || undefined,
  };
}

/** The pictures given on the command line and in lists. @throws UsageError when there are none */
export async function givenPictures(args: Arguments, positionals: readonly string[]): Promise<string[]> {
  const list = args.text("from-file");
  if (list === "-" && positionals.includes("-")) throw new UsageError("Standard input can be read only once");
  const given: string[] = [];
  for (const name of positionals) {
    if (name === "-") given.push(...(await readPathList("-")));
    else given.push(name);
  }
  if (list !== undefined) given.push(...(await listedPictures(list)));
  if (given.length > 0) return given;
  throw new UsageError(
    positionals.length === 0 && list === undefined
      ? "Say where the pictures are: a folder, files, - for a list on standard input, or --from-file LIST"
      : "The list names no pictures",
  );
}

/** What a file lists is relative to that file, what comes from standard input to the working directory. */
async function listedPictures(list: string): Promise<string[]> {
  const names = await readPathList(list);
  const folder = list === "-" ? "." : path.dirname(list);
  return names.map((name) => (isAddress(name) ? name : path.resolve(folder, name)));
}
