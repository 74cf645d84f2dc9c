import { spawn } from "node:child_process";
import { type Explorer, startExplorer } from "../node/server/start-explorer.ts";
import { type Arguments, type Command, type CommandContext, EXIT } from "./command.ts";
import { COMMON_OPTIONS_HELP, MODEL_OPTIONS, modelOptions } from "./model-options.ts";

export const exploreCommand: Command = {
  help: `concept explore MODEL       opens a saved model at an address of this machine, until Ctrl-C

The page shows all pictures on a map, finds and compares them, and shapes the concepts; what is changed there is in the
model at once. The address is printed; open it in a browser.

      --port N          default 7320, or the next that is free
      --host H          also reachable from elsewhere, e.g. 0.0.0.0: whoever has the printed address sees all
                        pictures and may edit the model (default 127.0.0.1: this machine alone)
      --open            open the browser, too
      --root DIR        where the pictures are now, if they were moved after the fit
  -m, --model NAME      for models made from vectors: the embedding model that made them
      --device NAME, --cache DIR   as for concept fit
${COMMON_OPTIONS_HELP}

Examples:
  concept explore photos.concept --open
  concept explore photos.concept --port 8080 --json`,
  options: {
    ...MODEL_OPTIONS,
    port: { type: "string" },
    host: { type: "string" },
    open: { type: "boolean" },
    root: { type: "string" },
  },
  positionals: [1, 1],
  run: explore,
};

async function explore(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const explorer = await startExplorer(args.positionals[0]!, {
    ...modelOptions(args),
    port: args.integer("port", { min: 0, max: 65_535 }),
    host: args.text("host"),
    root: args.text("root"),
  });
  try {
    const { address, port, session, isPrivate, hasPage } = explorer;
    const { images, concepts } = session.view.fitted;
    if (terminal.json) {
      const counts = { images: images.paths.length, concepts: concepts.length };
      terminal.printJson({ address, port, private: isPrivate, ...counts });
    } else terminal.print(address);
    if (!isPrivate) {
      terminal.warn(
        "Others can reach this address: whoever has it sees all pictures and may edit the model.",
      );
    }
    if (!hasPage) terminal.warn("The page of the explorer is not there: run npm run build.");
    say(explorer, terminal);
    if (args.flag("open")) openBrowser(address, terminal);
    await untilOver(explorer, signal);
  } finally {
    await explorer.close();
  }
  return EXIT.done;
}

function say({ session }: Explorer, terminal: CommandContext["terminal"]): void {
  const { images, root } = session.view;
  if (root !== null)
    terminal.say(`Thumbnails of ${images} pictures are drawn while the page is open. Ctrl-C ends.`);
  else terminal.say("The model was made from vectors: there are no pictures to show. Ctrl-C ends.");
}

/** Until Ctrl-C. @throws FormatError when the model turns out to be damaged */
async function untilOver({ session }: Explorer, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    session.listen(({ kind }) => {
      if (kind === "damaged") resolve();
    });
  });
  session.assertSound();
}

/** The system's own way to open an address; without a desktop there is none. */
function openBrowser(address: string, terminal: CommandContext["terminal"]): void {
  const { platform, env } = process;
  const hasDesktop =
    platform !== "linux" || env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined;
  if (!hasDesktop) {
    terminal.say("There is no desktop here to open a browser on.");
    return;
  }
  const [command, ...before] =
    platform === "darwin" ? ["open"] : platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  const child = spawn(command!, [...before, address], { stdio: "ignore", detached: true });
  child.on("error", () => terminal.say("No browser could be opened."));
  child.unref();
}
