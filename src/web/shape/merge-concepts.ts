import { focusConcept } from "../concepts/focus-concept.ts";
import { type EditOutcome, tryEdit } from "../state/edit-model.ts";

/** Puts a concept into another, which keeps its id and is then looked at. */
export async function mergeInto(target: number, other: number): Promise<EditOutcome> {
  const outcome = await tryEdit({ kind: "merge", concepts: [target, other] });
  if (outcome.made) focusConcept(target);
  return outcome;
}
