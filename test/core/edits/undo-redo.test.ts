import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EditRequest } from "../../../src/core/edits/edit-request.ts";
import { editTitle } from "../../../src/core/edits/edit-title.ts";
import { InputError } from "../../../src/core/errors.ts";
import { anyRequest, requestFor } from "./random-requests.ts";
import { assertSound, edited, plainParts, sixConceptModel, sixConcepts } from "./shaped-models.ts";

const fit = await sixConcepts();

/** Sequences that are always tried beside those drawn, which may happen to make little again: six and five redos. */
const BACK_AND_FORTH = (() => {
  const edits = [
    { kind: "merge", picks: [0, 1] },
    { kind: "rename", picks: [0], name: "harbour" },
    { kind: "hide", picks: [1], on: true },
  ];
  const repeated = (step: "undo" | "redo", times: number) => Array<"undo" | "redo">(times).fill(step);
  return [
    [
      [
        ...edits,
        ...repeated("undo", 3),
        ...repeated("redo", 3),
        ...repeated("undo", 4),
        ...repeated("redo", 4),
      ],
    ],
    [
      [
        edits[0]!,
        "undo",
        "redo",
        "undo",
        "redo",
        edits[1]!,
        "undo",
        "redo",
        "undo",
        edits[2]!,
        "redo",
        "undo",
        "undo",
        ...repeated("redo", 3),
      ],
    ],
  ] as [(Record<string, unknown> | "undo" | "redo")[]][];
})();

describe("undo and redo", () => {
  it("go back and forth through any sequence of edits, and another edit ends what could be made again", async () => {
    let redone = 0;
    const step = fc.oneof(
      { weight: 3, arbitrary: anyRequest },
      { weight: 3, arbitrary: fc.constant("undo" as const) },
      { weight: 3, arbitrary: fc.constant("redo" as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const model = await sixConceptModel();
        // The plain way: all states that there were, and where in them we are.
        let states = [plainParts(model.fitted)];
        let at = 0;
        for (const each of steps) {
          if (each === "undo") {
            expect(model.undo() === null).toBe(at === 0);
            at = Math.max(0, at - 1);
          } else if (each === "redo") {
            const was = model.redo();
            expect(was === null).toBe(at === states.length - 1);
            if (was !== null) at++;
            if (was !== null) redone++;
          } else if (model.fitted.concepts.length > 0) {
            try {
              await model.edit(requestFor(model.fitted, each));
            } catch (error) {
              if (!(error instanceof InputError)) throw error;
              continue;
            }
            states = [...states.slice(0, at + 1), plainParts(model.fitted)];
            at++;
          }
          assertSound(model.fitted);
          expect(plainParts(model.fitted)).toEqual(states[at]);
          expect(model.undoneEdits).toHaveLength(states.length - 1 - at);
        }
      }),
      { numRuns: 25, examples: BACK_AND_FORTH },
    );
    expect(redone).toBeGreaterThan(10);
  });

  it("keep what can be made again when an edit is refused, and forget it with a fit", async () => {
    const model = await sixConceptModel();
    await model.edit({ kind: "rename", concept: 0, name: "harbour" });
    model.undo();
    await expect(model.edit({ kind: "merge", concepts: [0, 99] })).rejects.toThrow(InputError);
    expect(model.redo()).toMatchObject({ kind: "rename", name: "harbour" });
    expect(model.redo()).toBeNull();
    const other = await sixConceptModel();
    await other.edit({ kind: "hide", concept: 0 });
    other.undo();
    expect(other.undoneEdits).toHaveLength(1);
    await other.fit([], { imageEmbeddings: fit.imageVectors });
    expect(other.undoneEdits).toEqual([]);
    expect(other.redo()).toBeNull();
  });
});

describe("the title of an edit", () => {
  const outlier = fit.images.concepts.indexOf(-1);
  const titles: readonly (readonly [EditRequest, string])[] = [
    [{ kind: "merge", concepts: [0, 1, 2] }, "merge of 3 concepts"],
    [{ kind: "split", concept: 0, into: 2 }, "split into 2 concepts"],
    [{ kind: "rename", concept: 0, name: "harbour" }, 'renaming to "harbour"'],
    [{ kind: "pin", concept: 0 }, "pinning"],
    [{ kind: "pin", concept: 0, pinned: false }, "unpinning"],
    [{ kind: "hide", concept: 0 }, "hiding"],
    [{ kind: "hide", concept: 0, hidden: false }, "showing again"],
    [{ kind: "move", pictures: [outlier], to: 0 }, "move of 1 picture"],
    [{ kind: "move", pictures: [0, 1], to: "new" }, "move of 2 pictures to a new concept"],
    [{ kind: "move", pictures: [0], to: "none" }, "move of 1 picture out of concepts"],
    [{ kind: "recut", concepts: 4 }, "recut into 4 groups"],
    [{ kind: "recut", minConceptSize: 8 }, "recut into groups of at least 8 pictures"],
    [{ kind: "recut", method: "leaf" }, "recut"],
  ];

  it.each(titles)("says in plain words what was done: %j", async (request, title) => {
    const shaped = await edited(fit, request);
    expect(editTitle(shaped.shaping!.edits[0]!)).toBe(title);
  });

  it("names the concepts where their names are told", async () => {
    const names = (id: number): string | undefined => ["beach", "sea", "s".repeat(60)][id];
    const named: readonly (readonly [EditRequest, string])[] = [
      [{ kind: "merge", concepts: [0, 1] }, "merge of beach and sea"],
      [{ kind: "merge", concepts: [0, 1, 2] }, "merge of 3 concepts"],
      [{ kind: "merge", concepts: [0, 3] }, "merge of 2 concepts"],
      [{ kind: "split", concept: 1, into: 2 }, "split of sea into 2 concepts"],
      [{ kind: "rename", concept: 0, name: "harbour" }, 'renaming of beach to "harbour"'],
      [{ kind: "pin", concept: 2 }, `pinning of ${"s".repeat(39)}…`],
      [{ kind: "hide", concept: 0 }, "hiding of beach"],
      [{ kind: "hide", concept: 0, hidden: false }, "showing beach again"],
      [{ kind: "move", pictures: [outlier], to: 0 }, "move of 1 picture to beach"],
    ];
    for (const [request, title] of named) {
      const shaped = await edited(fit, request);
      expect(editTitle(shaped.shaping!.edits[0]!, names)).toBe(title);
    }
  });

  it("counts the outliers that were placed", async () => {
    const shaped = await edited(fit, { kind: "outliers", strategy: "neighbors", threshold: 0 });
    const edit = shaped.shaping!.edits[0]!;
    const count = edit.kind === "outliers" ? edit.pictures.length : 0;
    expect(editTitle(edit)).toBe(`placing of ${count} pictures that had no concept`);
  });
});
