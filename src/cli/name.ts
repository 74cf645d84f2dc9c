import { ConceptModel } from "../node/concept-model.ts";
import type { ChatMessage } from "../node/language-model/chat-endpoint.ts";
import type { ProposedName } from "../node/language-model/name-concepts.ts";
import { type Arguments, type Command, type CommandContext, EXIT, UsageError } from "./command.ts";
import { COMMON_OPTIONS_HELP } from "./model-options.ts";
import { StepProgress } from "./progress.ts";
import { printable, textTable } from "./table.ts";

/** Exemplars that a model which can see is shown. */
const PICTURES = 4;

export const nameCommand: Command = {
  help: `concept name MODEL --llm-url URL --llm-model NAME     names concepts by a language model of yours

Any OpenAI-compatible endpoint: Ollama, llama.cpp, vLLM, OpenAI. It gets the words of each concept, of its
captions, and with --images small copies of four exemplars. Names are kept as edits, so concept edit MODEL undo
takes them back one by one. Answers are kept in the cache: the same question is asked once.

      --llm-url URL     the API's base address, e.g. http://localhost:11434/v1
      --llm-model NAME  e.g. llama3.2-vision
      --images          show it pictures, if it can see
      --dry-run         print what would be sent, and send nothing
      --concepts IDS    only these, e.g. 3,0,17 (default: all that nobody has named)
      --all             also those that were renamed
      --language NAME   of the names, e.g. German (default English)
      --timeout S       seconds to wait for an answer (default 120)
      --cache DIR       where answers are kept (default: the user's cache folder)
${COMMON_OPTIONS_HELP}

The key, if the endpoint wants one, is read from OPENAI_API_KEY.

Examples:
  concept name photos.concept --llm-url http://localhost:11434/v1 --llm-model llama3.2-vision --images
  concept name photos.concept --llm-url https://api.openai.com/v1 --llm-model gpt-4o-mini --dry-run`,
  options: {
    "llm-url": { type: "string" },
    "llm-model": { type: "string" },
    images: { type: "boolean" },
    "dry-run": { type: "boolean" },
    concepts: { type: "string" },
    all: { type: "boolean" },
    language: { type: "string" },
    timeout: { type: "string" },
    cache: { type: "string" },
  },
  positionals: [1, 1],
  run: name,
};

async function name(args: Arguments, { terminal, signal }: CommandContext): Promise<number> {
  const url = args.text("llm-url");
  const llm = args.text("llm-model");
  const isDry = args.flag("dry-run");
  if (!isDry && (url === undefined || llm === undefined)) {
    throw new UsageError("Say which language model: --llm-url http://localhost:11434/v1 --llm-model NAME");
  }
  const options = {
    concepts: ids(args.text("concepts")),
    renamed: args.flag("all"),
    pictures: args.flag("images") ? PICTURES : 0,
    language: args.text("language"),
    signal,
  };
  const seconds = args.number("timeout", { min: 0.1, max: 86_400 });
  const model = await ConceptModel.load(args.positionals[0]!);
  if (isDry) {
    const prompts = await model.namingPrompts(options);
    if (terminal.json) terminal.printJson({ url: url ?? null, model: llm ?? null, prompts });
    else for (const { concept, messages } of prompts) terminal.print(promptText(concept, messages));
    return EXIT.done;
  }
  const progress = new StepProgress(terminal);
  const names: ProposedName[] = [];
  await model.nameConcepts(
    {
      url: url!,
      model: llm!,
      apiKey: process.env["OPENAI_API_KEY"],
      timeout: seconds === undefined ? undefined : seconds * 1000,
    },
    {
      ...options,
      cache: args.text("cache"),
      onProgress: (fraction) => progress.report("name concepts", fraction),
      onName: async (proposed) => {
        names.push(proposed);
        await model.saveEdits();
      },
    },
  );
  if (terminal.json) {
    terminal.printJson({ names });
    return EXIT.done;
  }
  terminal.print(
    textTable(
      [{ title: "id", align: "right" }, { title: "before" }, { title: "name" }],
      names.map(({ concept, before, name: given }) => [
        String(concept),
        before,
        given ?? "(no usable answer)",
      ]),
    ),
  );
  return EXIT.done;
}

function ids(list: string | undefined): number[] | undefined {
  if (list === undefined) return undefined;
  const parsed = list.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (parsed.some(Number.isNaN)) throw new UsageError(`--concepts takes ids such as 3,0,17, found "${list}"`);
  return parsed;
}

/** A prompt as people read it: pictures are told by their size. */
function promptText(concept: number, messages: readonly ChatMessage[]): string {
  const lines = messages.flatMap(({ role, content }) => {
    const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
    return parts.map((part) =>
      part.type === "text"
        ? `${role}: ${part.text}`
        : `${role}: [JPEG, ${part.image_url.url.length} characters]`,
    );
  });
  return [`--- concept ${concept}`, ...lines.join("\n").split("\n").map(printable)].join("\n");
}
