import fc from "fast-check";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import type { FittedModel } from "../../../src/core/model.ts";

const pick = fc.nat({ max: 1000 });
/** What people may ask for, with places in the model's lists for ids and rows: `requestFor` makes a request of it. */
export const anyRequest = fc.oneof(
  fc.record({ kind: fc.constant("merge"), picks: fc.array(pick, { minLength: 2, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("split"), picks: fc.tuple(pick), into: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ kind: fc.constant("rename"), picks: fc.tuple(pick), name: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constant("pin"), picks: fc.tuple(pick), on: fc.boolean() }),
  fc.record({ kind: fc.constant("hide"), picks: fc.tuple(pick), on: fc.boolean() }),
  fc.record({
    kind: fc.constant("move"),
    picks: fc.tuple(pick),
    rows: fc.array(pick, { minLength: 1, maxLength: 30 }),
    to: fc.constantFrom("none", "new", "one"),
  }),
  fc.record({
    kind: fc.constant("outliers"),
    strategy: fc.constantFrom("membership", "exemplar", "neighbors"),
  }),
  fc.record({
    kind: fc.constant("recut"),
    concepts: fc.option(fc.integer({ min: 2, max: 12 }), { nil: undefined }),
    minConceptSize: fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
    method: fc.constantFrom("eom", "leaf"),
  }),
);

/** Picks become ids of concepts that there are, and rows of pictures. */
export function requestFor(model: FittedModel, drawn: Record<string, unknown>): EditRequest {
  const ids = model.concepts.map(({ id }) => id);
  const picked = ((drawn["picks"] ?? []) as number[]).map((at) => ids[at % ids.length]!);
  const { kind, on } = drawn;
  if (kind === "merge") return { kind, concepts: picked };
  if (kind === "split") return { kind, concept: picked[0]!, into: drawn["into"] as number };
  if (kind === "rename") return { kind, concept: picked[0]!, name: drawn["name"] as string };
  if (kind === "pin") return { kind, concept: picked[0]!, pinned: on as boolean };
  if (kind === "hide") return { kind, concept: picked[0]!, hidden: on as boolean };
  if (kind === "move") {
    const to = drawn["to"] === "one" ? picked[0]! : (drawn["to"] as "none" | "new");
    const pictures = (drawn["rows"] as number[]).map((at) => at % model.images.paths.length);
    return { kind, pictures, to };
  }
  return drawn as unknown as EditRequest;
}
