import { ConceptError } from "../../core/errors.ts";

/** The last line of every message about a hub out of reach. */
const WAYS_OUT =
  "Use a local folder (--model ./folder), a mirror (HF_ENDPOINT=https://...), or the demo model (--model mini).";

export function unreachable(
  repository: string,
  endpoint: string,
  found: string,
  cause?: unknown,
): ConceptError {
  return new ConceptError(
    "HUB_UNREACHABLE",
    `The model ${repository} could not be fetched from ${hostOf(endpoint)}`,
    {
      found,
      hint: WAYS_OUT,
      cause,
    },
  );
}

export function notCached(
  repository: string,
  endpoint: string,
  cacheFolder: string,
  file: string,
): ConceptError {
  return unreachable(repository, endpoint, `HF_HUB_OFFLINE is set and ${file} is not in ${cacheFolder}`);
}

export function notFound(repository: string, endpoint: string, what: string, hint: string): ConceptError {
  return new ConceptError("HUB_NOT_FOUND", `The model ${repository} was not found on ${hostOf(endpoint)}`, {
    found: what,
    hint,
  });
}

export function unauthorized(
  repository: string,
  endpoint: string,
  status: number,
  hasToken: boolean,
): ConceptError {
  return new ConceptError(
    "HUB_UNAUTHORIZED",
    `${hostOf(endpoint)} does not give out the model ${repository}`,
    {
      found: `HTTP ${status}`,
      hint: hasToken
        ? "Check that HF_TOKEN is valid and that its owner has accepted the model's terms, and the model's name."
        : "Set HF_TOKEN to a token that may read the model, or check the model's name.",
    },
  );
}

export function checksumMismatch(
  repository: string,
  file: string,
  expected: string,
  found: string,
): ConceptError {
  return new ConceptError(
    "HUB_CHECKSUM",
    `The file ${file} of ${repository} arrived damaged and was removed`,
    {
      expected,
      found,
      hint: "Try again; when it happens again, the mirror (HF_ENDPOINT) or a proxy on the way changes files.",
    },
  );
}

/** A few words on why a request failed. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  return `no connection (${code})`;
}

function hostOf(endpoint: string): string {
  return new URL(endpoint).host;
}
