import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { dot, row } from "../math/matrix.ts";
import type { FittedModel } from "../model.ts";
import type { WorkOptions } from "../stages.ts";
import { combinedVector, type TermScales, termScales, unitVector } from "./combined-vector.ts";
import { exactTop, type RankedRows } from "./exact-top.ts";
import { nearestOtherCosines } from "./image-background.ts";
import { type ImageFilter, imageMask } from "./image-filter.ts";
import type { ResolvedTerm } from "./query.ts";
import { rankByCosine } from "./rank.ts";
import { type Backgrounds, RELEVANCE_FLOOR, relevances } from "./relevance.ts";
import { type TextBackground, textBackground } from "./text-background.ts";

export interface ConceptMatch {
  readonly id: number;
  readonly name: string;
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number;
  /** That of its exemplar which answers the query best; see `ImageMatch`. */
  readonly relevance: number | null;
}

export interface ImageMatch {
  /** Row in the model's image table. */
  readonly row: number;
  readonly path: string;
  /** Concept id, -1 for none. */
  readonly concept: number;
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number;
  /** 0 to 1; from 0.5 on the picture shows what was asked for. null where the model has no words to tell. */
  readonly relevance: number | null;
}

/** Why nothing was found. */
export type NothingReason = "unknown words" | "below the floor" | "no picture passes the filter";

export interface SearchResult {
  /** Best first; ties in the order of the concepts. */
  readonly concepts: readonly ConceptMatch[];
  /** Best first; ties in the order of rows. */
  readonly images: readonly ImageMatch[];
  /** null where something matches; else both lists are empty. */
  readonly nothing: NothingReason | null;
  /** Highest relevance of a picture, of those that match or, where none does, of those that nearly do. */
  readonly relevance: number | null;
  /** Texts of the query that the embedding model does not know; they were left out. */
  readonly unknown: readonly string[];
}

export interface SearchOptions extends ImageFilter {
  /** Most concepts and most pictures to return; default 10. */
  readonly topN?: number | undefined;
  /** Without a picture of this relevance nothing matches; default 0.5, and 0 returns the nearest whatever they are. */
  readonly minRelevance?: number | undefined;
}

/** Best pictures whose relevance decides whether anything matches. */
const JUDGED = 30;
/** Pictures that an unknown text is told by. */
const PROBES = 64;
/** A text whose cosine to every picture is smaller has nothing to do with pictures. */
const ORTHOGONAL = 1e-6;

/** Searches one model, and keeps what all searches of it need. */
export class ModelSearch {
  private readonly model: FittedModel;
  private readonly kernels: DenseKernels;
  private readonly words: TextBackground | null;
  private scales: TermScales | null = null;
  private nearest: Float32Array | null = null;

  constructor(model: FittedModel, kernels: DenseKernels) {
    this.model = model;
    this.kernels = kernels;
    this.words = textBackground(model.vocabulary);
  }

  /**
   * Concepts and pictures that answer a query, exactly, over all pictures that pass the filter. Pictures of the
   * collection that the query names are left out, as are hidden concepts unless `concept` names one.
   *
   * @param terms at least one of a weight above 0
   * @throws InputError (BAD_OPTION) for options out of range, an unknown concept or a filter that cannot be read
   */
  async search(
    terms: readonly ResolvedTerm[],
    options: SearchOptions & WorkOptions = {},
  ): Promise<SearchResult> {
    const { topN = 10, minRelevance = RELEVANCE_FLOOR } = options;
    checkNumbers(topN, minRelevance);
    const unknown = terms.filter((term) => this.isUnknown(term)).map(({ label }) => label);
    const known = terms
      .filter((term) => !this.isUnknown(term))
      .map((term) => ({ ...term, vector: unitVector(term.vector) }));
    if (!known.some(({ weight }) => weight > 0)) return nothing("unknown words", null, unknown);
    const { imageVectors } = this.model;
    const named = known.flatMap(({ row: own }) => (own === null ? [] : [own]));
    const allowed = imageMask(this.model, options, named);
    const query = combinedVector(known, this.termScales());
    const found = await exactTop(imageVectors, query, Math.max(topN, JUDGED), {
      kernels: this.kernels,
      allowed,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    if (found.rows.length === 0) return nothing("no picture passes the filter", null, unknown);
    const backgrounds = await this.backgrounds(known, options);
    const relevance = relevances(known, backgrounds, imageVectors, found.rows);
    const best = relevance === null ? null : Math.max(...relevance.subarray(0, JUDGED));
    if (best !== null && best < minRelevance) return nothing("below the floor", best, unknown);
    return {
      concepts: this.conceptMatches(known, query, backgrounds, { ...options, topN }),
      images: this.imageMatches(found, relevance).slice(0, topN),
      nothing: null,
      relevance: best,
      unknown,
    };
  }

  private imageMatches(found: RankedRows, relevance: Float64Array | null): ImageMatch[] {
    const { paths, concepts } = this.model.images;
    return Array.from(found.rows, (at, i) => ({
      row: at,
      path: paths[at]!,
      concept: concepts[at]!,
      score: found.scores[i]!,
      relevance: relevance === null ? null : relevance[i]!,
    }));
  }

  private conceptMatches(
    terms: readonly ResolvedTerm[],
    query: Float32Array,
    backgrounds: Backgrounds,
    { concept: within, topN }: SearchOptions,
  ): ConceptMatch[] {
    const { concepts, conceptVectors, imageVectors } = this.model;
    return rankByCosine(query, conceptVectors, conceptVectors.rows)
      .filter(({ row: place }) => {
        const { id, hidden } = concepts[place]!;
        return within === undefined ? hidden !== true : id === within;
      })
      .slice(0, topN)
      .map(({ row: place, score }) => {
        const { id, name, exemplars } = concepts[place]!;
        const judged = relevances(terms, backgrounds, imageVectors, exemplars);
        return { id, name, score, relevance: judged === null ? null : Math.max(...judged) };
      });
  }

  /** Whether a text shares no direction with any picture: how models with a closed vocabulary say "unknown". */
  private isUnknown({ kind, vector }: ResolvedTerm): boolean {
    if (kind !== "text") return false;
    const { imageVectors } = this.model;
    const count = Math.min(PROBES, imageVectors.rows);
    const bound = ORTHOGONAL * Math.sqrt(dot(vector, vector));
    for (let i = 0; i < count; i++) {
      const picture = row(imageVectors, Math.floor((i * imageVectors.rows) / count));
      if (Math.abs(dot(vector, picture)) > bound) return false;
    }
    return true;
  }

  private termScales(): TermScales {
    this.scales ??= termScales(this.model.imageVectors, this.words);
    return this.scales;
  }

  private async backgrounds(terms: readonly ResolvedTerm[], work: WorkOptions): Promise<Backgrounds> {
    if (!terms.some(({ kind }) => kind === "image")) return { text: this.words, images: null };
    this.nearest ??= await nearestOtherCosines(this.model.imageVectors, {
      kernels: this.kernels,
      signal: work.signal,
    });
    return { text: this.words, images: this.nearest };
  }
}

function nothing(reason: NothingReason, relevance: number | null, unknown: readonly string[]): SearchResult {
  return { concepts: [], images: [], nothing: reason, relevance, unknown };
}

function checkNumbers(topN: number, minRelevance: number): void {
  if (!Number.isInteger(topN) || topN < 1) {
    throw new InputError(
      "topN is out of range",
      { expected: "a whole number of at least 1", found: `${topN}` },
      "BAD_OPTION",
    );
  }
  if (!(minRelevance >= 0 && minRelevance <= 1)) {
    throw new InputError(
      "minRelevance is out of range",
      { expected: "a number from 0 to 1", found: `${minRelevance}` },
      "BAD_OPTION",
    );
  }
}
