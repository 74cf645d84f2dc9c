import { InputError } from "../errors.ts";
import type { DenseKernels } from "../math/kernels.ts";
import { dot, type Matrix, matrix, row, stackRows } from "../math/matrix.ts";
import { matrixSource, type VectorSource } from "../math/vector-source.ts";
import { WorkPacer } from "../math/work-pacer.ts";
import type { FittedModel } from "../model.ts";
import type { WorkOptions } from "../stages.ts";
import { combinedVector, type TermScales, termScales, unitVector } from "./combined-vector.ts";
import { exactTops, type RankedRows } from "./exact-top.ts";
import { nearestOtherCosines } from "./image-background.ts";
import { type ImageFilter, imageMask } from "./image-filter.ts";
import type { ResolvedTerm } from "./query.ts";
import { rankByCosine } from "./rank.ts";
import { type Backgrounds, RELEVANCE_FLOOR, relevances, WordSpreads } from "./relevance.ts";
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

/** As much of a model as searches need; a `FittedModel` is one. */
export interface SearchableModel
  extends Pick<FittedModel, "images" | "concepts" | "conceptVectors" | "vocabulary"> {
  /** images x dimensions, rows of length 1; in memory or elsewhere, with the same answers */
  readonly imageVectors: Matrix | VectorSource;
}

/** Best pictures whose relevance decides whether anything matches. */
const JUDGED = 30;
/** Pictures whose vectors are held at once to be judged; a few hundredths of a second of work. */
const JUDGED_AT_ONCE = 128;
/** Pictures, evenly out of all, that an unknown text and the scales of terms are told by. */
const PROBES = 64;
/** A text whose cosine to every picture is smaller has nothing to do with pictures. */
const ORTHOGONAL = 1e-6;

/** What searches of the same pictures and words need again and again; null where it was not needed yet. */
interface KnownOfPictures {
  readonly words: TextBackground | null;
  readonly spreads: WordSpreads;
  probes: Matrix | null;
  scales: TermScales | null;
  nearest: Float32Array | null;
}

function newlyKnown(pictures: number, vocabulary: SearchableModel["vocabulary"]): KnownOfPictures {
  const words = textBackground(vocabulary);
  return { words, spreads: new WordSpreads(pictures), probes: null, scales: null, nearest: null };
}

/** Searches one model, and keeps what all searches of it need. */
export class ModelSearch {
  private readonly model: SearchableModel;
  private readonly vectors: VectorSource;
  private readonly kernels: DenseKernels;
  private readonly known: KnownOfPictures;

  /** @param earlier a search of the same pictures, perhaps before an edit, whose preparations are used again */
  constructor(model: SearchableModel, kernels: DenseKernels, earlier?: ModelSearch) {
    const { imageVectors, vocabulary } = model;
    this.model = model;
    this.vectors = "data" in imageVectors ? matrixSource(imageVectors) : imageVectors;
    this.kernels = kernels;
    const isSame = earlier?.model.imageVectors === imageVectors && earlier.model.vocabulary === vocabulary;
    this.known = isSame ? earlier.known : newlyKnown(this.vectors.rows, vocabulary);
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
    const [result] = await this.searchEach([terms], options);
    return result!;
  }

  /**
   * What `search` answers to each of some queries, in one pass over the pictures: at most a few dozen, of texts alone, since pictures of
   * the collection that one of them names are left out for all.
   */
  async searchEach(
    queries: readonly (readonly ResolvedTerm[])[],
    options: SearchOptions & WorkOptions = {},
  ): Promise<SearchResult[]> {
    const { topN = 10, minRelevance = RELEVANCE_FLOOR } = options;
    checkNumbers(topN, minRelevance);
    const probes = await this.probePictures();
    this.known.scales ??= termScales(probes, this.known.words);
    const { scales } = this.known;
    const asked = queries.map((terms) => askedOf(terms, probes, scales));
    const sought = asked.filter(({ query }) => query !== null);
    const found = sought.length === 0 ? [] : await this.nearest(sought, topN, options);
    const results: SearchResult[] = [];
    for (const one of asked) {
      const place = sought.indexOf(one);
      results.push(
        place === -1
          ? nothing("unknown words", null, one.unknown)
          : await this.answer(one, found[place]!, { ...options, topN, minRelevance }),
      );
    }
    return results;
  }

  private async nearest(
    sought: readonly AskedQuery[],
    topN: number,
    options: SearchOptions & WorkOptions,
  ): Promise<RankedRows[]> {
    const { kernels, vectors } = this;
    const named = sought.flatMap(({ known }) => known.flatMap(({ row: own }) => (own === null ? [] : [own])));
    const allowed = imageMask(this.model, options, named);
    const { signal, onProgress } = options;
    const queries = stackRows(
      sought.map(({ query }) => matrix(query!, 1, vectors.cols)),
      vectors.cols,
    );
    return exactTops(vectors, queries, Math.max(topN, JUDGED), { kernels, allowed, signal, onProgress });
  }

  private async answer(
    { known, unknown, query }: AskedQuery,
    found: RankedRows,
    options: SearchOptions & WorkOptions & { readonly topN: number; readonly minRelevance: number },
  ): Promise<SearchResult> {
    if (found.rows.length === 0) return nothing("no picture passes the filter", null, unknown);
    const backgrounds = await this.backgrounds(known, options);
    const relevance = await this.relevances(known, backgrounds, found.rows, options);
    const best = relevance === null ? null : Math.max(...relevance.subarray(0, JUDGED));
    if (best !== null && best < options.minRelevance) return nothing("below the floor", best, unknown);
    return {
      concepts: await this.conceptMatches(known, query!, backgrounds, options),
      images: this.imageMatches(found, relevance).slice(0, options.topN),
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

  private async conceptMatches(
    terms: readonly ResolvedTerm[],
    query: Float32Array,
    backgrounds: Backgrounds,
    { concept: within, topN, signal }: SearchOptions & WorkOptions,
  ): Promise<ConceptMatch[]> {
    const { concepts, conceptVectors } = this.model;
    const ranked = rankByCosine(query, conceptVectors, conceptVectors.rows)
      .filter(({ row: place }) => {
        const { id, hidden } = concepts[place]!;
        return within === undefined ? hidden !== true : id === within;
      })
      .slice(0, topN);
    const exemplars = ranked.flatMap(({ row: place }) => Array.from(concepts[place]!.exemplars));
    const judged = await this.relevances(terms, backgrounds, Int32Array.from(exemplars), { signal });
    let next = 0;
    return ranked.map(({ row: place, score }) => {
      const { id, name, exemplars: own } = concepts[place]!;
      const first = next;
      next += own.length;
      return { id, name, score, relevance: judged && Math.max(...judged.subarray(first, next)) };
    });
  }

  /** Some rows at a time: any number of pictures may be asked for. */
  private async relevances(
    terms: readonly ResolvedTerm[],
    backgrounds: Backgrounds,
    rows: Int32Array,
    { signal }: WorkOptions,
  ): Promise<Float64Array | null> {
    const judged = new Float64Array(rows.length);
    const { spreads } = this.known;
    const pacer = new WorkPacer({ signal });
    for (let from = 0; from < rows.length; from += JUDGED_AT_ONCE) {
      const pictures = await this.vectors.takeRows(rows.subarray(from, from + JUDGED_AT_ONCE));
      const part = relevances(terms, backgrounds, pictures, (place, picture, words) =>
        spreads.of(rows[from + place]!, picture, words),
      );
      if (part === null) return null;
      judged.set(part, from);
      await pacer.pause((from + pictures.rows) / rows.length);
    }
    return judged;
  }

  private async probePictures(): Promise<Matrix> {
    const { rows } = this.vectors;
    const count = Math.min(PROBES, rows);
    const evenly = Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
    this.known.probes ??= await this.vectors.takeRows(evenly);
    return this.known.probes;
  }

  private async backgrounds(terms: readonly ResolvedTerm[], work: WorkOptions): Promise<Backgrounds> {
    const { known } = this;
    if (!terms.some(({ kind }) => kind === "image")) return { text: known.words, images: null };
    known.nearest ??= await nearestOtherCosines(this.vectors, {
      kernels: this.kernels,
      signal: work.signal,
    });
    return { text: known.words, images: known.nearest };
  }
}

/** A query as it is sought. */
interface AskedQuery {
  /** Terms that the embedding model knows, their vectors of length 1. */
  readonly known: readonly ResolvedTerm[];
  readonly unknown: readonly string[];
  /** null where nothing that is wanted is known. */
  readonly query: Float32Array | null;
}

function askedOf(terms: readonly ResolvedTerm[], probes: Matrix, scales: TermScales): AskedQuery {
  const unknown = terms.filter((term) => isUnknown(term, probes)).map(({ label }) => label);
  const known = terms
    .filter((term) => !isUnknown(term, probes))
    .map((term) => ({ ...term, vector: unitVector(term.vector) }));
  const isWanted = known.some(({ weight }) => weight > 0);
  return { known, unknown, query: isWanted ? combinedVector(known, scales) : null };
}

/** Whether a text shares no direction with any of some pictures: how models with a closed vocabulary say "unknown". */
function isUnknown({ kind, vector }: ResolvedTerm, pictures: Matrix): boolean {
  if (kind !== "text") return false;
  const bound = ORTHOGONAL * Math.sqrt(dot(vector, vector));
  for (let i = 0; i < pictures.rows; i++) {
    if (Math.abs(dot(vector, row(pictures, i))) > bound) return false;
  }
  return true;
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
