import { FormatError } from "../../core/errors.ts";

/** Why a picture was left out, in a word that programs can switch on; `docs/inputs.md` says what each means. */
export type SkipCode =
  | "not-found"
  | "no-permission"
  | "not-a-file"
  | "link"
  | "bad-name"
  | "replaced"
  | "empty"
  | "not-a-picture"
  | "unsupported"
  | "truncated"
  | "damaged"
  | "too-large"
  | "encrypted"
  | "address-refused"
  | "http"
  | "network"
  | "no-program"
  | "decoder-crash"
  | "decoder-timeout"
  | "no-vector"
  | "unreadable";

/** A picture that cannot be used, though nothing is wrong with the machine. The message is a few words for people. */
export class UnusablePicture extends FormatError {
  readonly skipCode: SkipCode;

  constructor(skipCode: SkipCode, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.skipCode = skipCode;
  }
}
