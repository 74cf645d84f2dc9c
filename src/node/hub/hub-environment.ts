import { homedir } from "node:os";
import path from "node:path";
import { InputError } from "../../core/errors.ts";

/** The variables that the hub's own tools heed, by name. */
export interface HubVariables {
  readonly HF_HOME?: string | undefined;
  readonly HF_HUB_CACHE?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
  readonly HF_ENDPOINT?: string | undefined;
  readonly HF_TOKEN?: string | undefined;
  readonly HF_HUB_OFFLINE?: string | undefined;
}

export interface HubEnvironment {
  /** Without a slash at its end. Default `https://huggingface.co`. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** True: the network must not be touched. */
  readonly offline: boolean;
  /** Absolute folder of `models--ORG--NAME` folders, shared with Python's huggingface_hub. */
  readonly cacheFolder: string;
}

/** @throws InputError (BAD_OPTION) when HF_ENDPOINT is no http(s) address */
export function hubEnvironment(variables: HubVariables): HubEnvironment {
  const endpoint = (variables.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, "");
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new InputError(
      "HF_ENDPOINT is not the address of a hub",
      { expected: "an http or https address", found: JSON.stringify(endpoint) },
      "BAD_OPTION",
    );
  }
  const home =
    variables.HF_HOME || path.join(variables.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "huggingface");
  return {
    endpoint,
    token: variables.HF_TOKEN?.trim() || undefined,
    offline: ["1", "TRUE", "YES", "ON"].includes((variables.HF_HUB_OFFLINE ?? "").toUpperCase()),
    cacheFolder: path.resolve(variables.HF_HUB_CACHE || path.join(home, "hub")),
  };
}
