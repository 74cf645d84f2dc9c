import { parseDevice } from "../embed/dual-encoder.ts";
import { parseDtype } from "../embed/model-files.ts";
import type { ConceptModelOptions } from "../node/concept-model.ts";
import type { Arguments, OptionTable } from "./command.ts";

/** Options that choose and load the embedding model. */
export const MODEL_OPTIONS: OptionTable = {
  model: { type: "string", short: "m" },
  dtype: { type: "string" },
  device: { type: "string" },
  revision: { type: "string" },
  cache: { type: "string" },
};

export const MODEL_OPTIONS_HELP = `  -m, --model NAME      clip-vit-b-32 (default), siglip2-base, mobileclip-s2, tinyclip-8m, clip-vit-l-14,
                        jina-clip-v2 (many languages), mini (bundled, for demos), any CLIP-family
                        repository of the Hugging Face hub, or a local folder
      --dtype TYPE      precision: fp32 (default), fp16, q8, q4 ...
      --device NAME     cpu (default), cuda, dml, webgpu ...
      --revision REV    branch, tag or commit of the repository
      --cache DIR       where embeddings are kept (default: the user's cache folder)`;

export const COMMON_OPTIONS_HELP = `      --json            one JSON object on stdout, for programs
  -q, --quiet           no progress
      --verbose         stack traces with errors
  -h, --help            this page`;

/** The options given; those not given are left to the defaults, or to the saved model. */
export function modelOptions(args: Arguments): ConceptModelOptions {
  const dtype = args.text("dtype");
  const device = args.text("device");
  const given = {
    embeddingModel: args.text("model"),
    dtype: dtype === undefined ? undefined : parseDtype(dtype),
    device: device === undefined ? undefined : parseDevice(device),
    revision: args.text("revision"),
    cache: args.text("cache"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
