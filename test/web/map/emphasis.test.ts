import { describe, expect, it } from "vitest";
import { emphasis, lastingEmphasis, sameEmphasis } from "../../../src/web/state/emphasis.ts";
import { CONCEPT_FIELD } from "../../../src/web/state/filtered-rows.ts";
import { EMPTY_SEARCH, type ExplorerState, useExplorer } from "../../../src/web/state/store.ts";

const points = {
  map: new Float32Array(12),
  concepts: Int32Array.of(0, 0, 1, 1, -1, 2),
  probabilities: new Float32Array(6),
  slots: new Uint32Array(6),
};
const state = (part: Partial<ExplorerState>): ExplorerState => ({
  ...useExplorer.getInitialState(),
  points,
  ...part,
});
const lit = (part: Partial<ExplorerState>): number[] | null => {
  const rows = emphasis(state(part));
  return rows === null ? null : Array.from(rows);
};
const answered = (part: Partial<ExplorerState["search"]>): ExplorerState["search"] => ({
  ...EMPTY_SEARCH,
  query: "sea",
  status: "done",
  answer: {
    matches: true,
    nothing: null,
    unknown: [],
    concepts: [
      { id: 1, score: 0.9, relevance: 0.9, matches: true },
      { id: 2, score: 0.1, relevance: 0.1, matches: false },
    ],
    images: [
      { row: 0, score: 0.8, relevance: 0.8, matches: true },
      { row: 5, score: 0.1, relevance: 0.1, matches: false },
    ],
  },
  ...part,
});

const NOTHING = {
  matches: false,
  nothing: "below the floor",
  unknown: [],
  concepts: [],
  images: [],
} as const;

describe("what is lit on the map", () => {
  it("is everything at first", () => expect(lit({})).toBeNull());

  it("is the concept that is pointed at, or looked at; the pictures in none are one too", () => {
    expect(lit({ hoveredConcept: 1 })).toEqual([0, 0, 1, 1, 0, 0]);
    expect(lit({ focusedConcept: -1 })).toEqual([0, 0, 0, 0, 1, 0]);
    expect(lit({ hoveredGroup: [0, 2] })).toEqual([1, 1, 0, 0, 0, 1]);
  });

  it("is what matches a search: pictures, and all of the concepts that do", () => {
    expect(lit({ search: answered({}) })).toEqual([1, 0, 1, 1, 0, 0]);
  });

  it("is everything when nothing matches, or nothing is asked any more", () => {
    expect(lit({ search: answered({ answer: NOTHING }) })).toBeNull();
    expect(lit({ search: answered({ query: "" }) })).toBeNull();
  });

  it("is what matches within the concept that is looked at", () => {
    expect(lit({ search: answered({}), focusedConcept: 0 })).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it("is the selection, whatever else is asked", () => {
    expect(lit({ selection: Uint32Array.of(1, 5), focusedConcept: 1 })).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it("is what is pointed at before the selection, and for no longer", () => {
    const both = { selection: Uint32Array.of(1, 5), hoveredConcept: 1 };
    expect(lit(both)).toEqual([0, 0, 1, 1, 0, 0]);
    expect(Array.from(lastingEmphasis(state(both))!)).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it("is never what filters turn away", () => {
    const filters = new Map([[CONCEPT_FIELD, { kind: "texts", codes: [1, 2] } as const]]);
    expect(lit({ filters })).toEqual([0, 0, 1, 1, 0, 1]);
    expect(lit({ filters, hoveredConcept: 0 })).toEqual([0, 0, 0, 0, 0, 0]);
    expect(lit({ filters, selection: Uint32Array.of(0, 2) })).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it("follows the concepts of a recut that is looked at", () => {
    const summary = { concepts: 2, outliers: 0, kept: 2, fresh: 0, ended: 0 };
    const preview = { request: {}, labels: Int32Array.of(1, 0, 0, 0, 0, 0), summary };
    expect(lit({ preview, hoveredConcept: 1 })).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it("is the same while nothing changes that it depends on", () => {
    const before = state({ focusedConcept: 1 });
    expect(sameEmphasis(before, { ...before, hoveredRow: 3, tool: "lasso" } as ExplorerState)).toBe(true);
    expect(sameEmphasis(before, { ...before, focusedConcept: 0 })).toBe(false);
    expect(sameEmphasis(before, { ...before, search: answered({}) })).toBe(false);
    // Typing changes the query and leaves the last answer.
    const asked = state({ search: answered({}) });
    expect(sameEmphasis(asked, { ...asked, search: { ...asked.search, query: "seas" } })).toBe(true);
  });
});
