import { ConceptError, type ConceptErrorCode } from "../../core/errors.ts";
import type { ApiError } from "../../core/explorer/api.ts";
import { fileReason } from "../images/file-reason.ts";
import { systemErrorCode } from "../system-error.ts";

/** A request that is answered with an error, on purpose. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";
  readonly status: number;
  readonly answer: ApiError;

  constructor(status: number, answer: ApiError) {
    super(answer.message);
    this.status = status;
    this.answer = answer;
  }
}

export function notFound(message: string): ApiFault {
  return new ApiFault(404, { code: "NOT_FOUND", message });
}

export function badRequest(message: string): ApiFault {
  return new ApiFault(400, { code: "BAD_REQUEST", message });
}

const STATUSES: Partial<Record<ConceptErrorCode, number>> = {
  BAD_INPUT: 400,
  BAD_OPTION: 400,
  BAD_FILE: 400,
  EDITED_ELSEWHERE: 409,
  NO_CAPTIONS: 422,
  NO_CONCEPTS: 422,
  NO_EMBEDDER: 422,
  HUB_UNREACHABLE: 503,
  HUB_NOT_FOUND: 503,
  HUB_UNAUTHORIZED: 503,
  HUB_CHECKSUM: 503,
};

/** What is answered for any error. Nothing is told of errors that were not expected: their messages may hold paths. */
export function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  if (error instanceof ConceptError) {
    const { code, hint, expected } = error;
    const [message = ""] = error.message.split(".\n");
    return new ApiFault(STATUSES[code] ?? 500, { code, message, hint, expected });
  }
  const code = systemErrorCode(error);
  if (/^E[A-Z]+$/.test(code)) {
    return new ApiFault(500, { code: "DISK", message: `The disk says: ${fileReason(withoutPath(code))}` });
  }
  return new ApiFault(500, { code: "UNEXPECTED", message: "Something went wrong that was not expected" });
}

function withoutPath(code: string): Error {
  return Object.assign(new Error(code), { code });
}
