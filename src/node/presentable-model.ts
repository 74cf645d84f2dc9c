import { type BinOptions, columnBins } from "../core/compare/column-bins.ts";
import { type ConceptsOver, conceptsOver } from "../core/compare/concepts-over.ts";
import { ConceptModel as CoreConceptModel } from "../core/concept-model.ts";
import type { WorkOptions } from "../core/stages.ts";
import type { DrawnChart } from "./charts/draw-chart.ts";
import { drawConceptsOver, type OverChoice } from "./charts/over-chart.ts";
import { drawSimilarity, type SimilarityChoice } from "./charts/similarity-chart.ts";
import { type Collage, type CollageChoice, drawConcepts } from "./draw-concepts.ts";
import { type RankedDuplicates, rankDuplicates } from "./duplicates.ts";
import {
  type ExportFormat,
  type ExportOptions,
  type ExportReport,
  exportModel,
} from "./export/export-model.ts";
import { AnswerCache } from "./language-model/answer-cache.ts";
import { ChatEndpoint, type ChatEndpointOptions, type ChatMessage } from "./language-model/chat-endpoint.ts";
import {
  type NameConceptsOptions,
  type NamingOptions,
  namingPrompts,
  type ProposedName,
  proposeNames,
} from "./language-model/name-concepts.ts";
import { type OverColumnOptions, overColumn } from "./over-column.ts";

export interface DuplicateChoice {
  /** Largest cosine distance, 0 to 2, from the middle of a group; default `duplicateThreshold`. */
  readonly threshold?: number | undefined;
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: "neighbors" | "sharpness", fraction: number) => void) | undefined;
}

/** What is made of a fitted model for people and other programs: names, drawings, lists of duplicates, exports. */
export abstract class PresentableModel extends CoreConceptModel<string> {
  /** Where answers are kept; undefined for the default place. */
  protected abstract readonly cacheFolder: string | undefined;

  /** What `nameConcepts` would send, without sending it. */
  async namingPrompts(
    options: NamingOptions = {},
  ): Promise<{ readonly concept: number; readonly messages: readonly ChatMessage[] }[]> {
    return namingPrompts(this.fitted, options);
  }

  /**
   * Lets a language model name the concepts; each name becomes a `rename` edit as it comes. Nothing is sent anywhere but to
   * `endpoint.url`: words, words of captions, and where `pictures` asks for them small copies of exemplars.
   *
   * @throws ConceptError (LLM_FAILED) when the endpoint gives no answer; names given so far stay
   */
  async nameConcepts(
    endpoint: ChatEndpointOptions,
    options: NameConceptsOptions = {},
  ): Promise<readonly ProposedName[]> {
    const names: ProposedName[] = [];
    const cache = new AnswerCache(options.cache ?? this.cacheFolder);
    await proposeNames(this.fitted, new ChatEndpoint(endpoint), cache, options, async (proposed) => {
      const { concept, name, before } = proposed;
      if (name !== null && name !== before)
        await this.edit({ kind: "rename", concept, name, namedBy: endpoint.model });
      names.push(proposed);
      await options.onName?.(proposed);
    });
    return names;
  }

  /**
   * Draws the largest concepts, or those chosen, as a collage.
   *
   * @throws ModelStateError when there are no concepts to draw; InputError for an unknown concept id
   */
  async visualizeConcepts(choice: CollageChoice = {}): Promise<Collage> {
    return drawConcepts(this.fitted, choice);
  }

  /** Draws how alike the concepts are, as a heatmap or a tree. @throws ModelStateError when there are none */
  async visualizeSimilarity(choice: SimilarityChoice = {}): Promise<DrawnChart> {
    return drawSimilarity(this.conceptSimilarity(), choice);
  }

  /**
   * How the concepts lie over time or classes: a column of the model or of a table, or `"date"`: a column of dates, and where there
   * is none the days on which the files were last changed.
   *
   * @throws InputError when there is no such column, or it cannot be put into these bins; FormatError for a table that cannot be read
   */
  override async conceptsOver(
    column: string,
    options: BinOptions & OverColumnOptions = {},
  ): Promise<ConceptsOver> {
    return conceptsOver(this.fitted, columnBins(await overColumn(this.fitted, column, options), options));
  }

  /** Draws a small chart a concept of how it lies over a column. @throws like `conceptsOver`; ModelStateError when there are no concepts */
  async visualizeOver(column: string, choice: OverChoice = {}): Promise<DrawnChart> {
    return drawConceptsOver(await this.conceptsOver(column, choice), choice);
  }

  /**
   * Groups of near-duplicates, in each the picture to keep first: the sharpest, then the largest. The files are looked at, never
   * changed. @throws InputError for a threshold out of range
   */
  async rankDuplicates(choice: DuplicateChoice = {}): Promise<RankedDuplicates> {
    const { threshold, signal, onProgress } = choice;
    const step = (name: "neighbors" | "sharpness"): WorkOptions => ({
      signal,
      onProgress: (fraction) => onProgress?.(name, fraction),
    });
    const found = await this.findDuplicates({ threshold, ...step("neighbors") });
    return rankDuplicates(this.fitted, found, choice.root ?? this.fitted.images.root, step("sharpness"));
  }

  /** Writes the model for another program, whole or not at all; see `exportModel`. */
  async export(format: ExportFormat, target: string, options: ExportOptions = {}): Promise<ExportReport> {
    return exportModel(this.fitted, format, target, options);
  }
}
