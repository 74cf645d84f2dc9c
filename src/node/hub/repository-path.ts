import { InputError } from "../../core/errors.ts";

const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
const REVISION = /^[A-Za-z0-9_](?:[A-Za-z0-9._/-]*[A-Za-z0-9_])?$/;

/** True for `organisation/name` as the hub allows it. */
export function isRepositoryId(text: string): boolean {
  const parts = text.split("/");
  return (
    parts.length === 2 &&
    parts.every((part) => NAME.test(part) && !part.includes("..") && !part.includes("--"))
  );
}

/** @throws InputError (BAD_OPTION) when the name could lead anywhere but to a repository */
export function checkRepositoryId(repository: string): void {
  if (isRepositoryId(repository)) return;
  throw new InputError(
    "The model's repository id is not valid",
    { expected: "organisation/name", found: JSON.stringify(repository) },
    "BAD_OPTION",
  );
}

/** @throws InputError (BAD_OPTION) when the revision could lead out of its folder */
export function checkRevision(revision: string): void {
  if (REVISION.test(revision) && revision.length <= 200 && revision.split("/").every(isPlainPart)) return;
  throw new InputError(
    "The model's revision is not valid",
    { expected: "a branch, a tag or a commit", found: JSON.stringify(revision) },
    "BAD_OPTION",
  );
}

/** @throws InputError when the file name could lead out of its folder */
export function checkFileName(file: string): void {
  if (/^[A-Za-z0-9._/-]+$/.test(file) && file.split("/").every(isPlainPart)) return;
  throw new InputError("A file name of the model is not valid", { found: JSON.stringify(file) });
}

function isPlainPart(part: string): boolean {
  return part !== "" && part !== "." && !part.includes("..");
}
