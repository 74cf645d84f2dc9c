import type { ScoredWord } from "../model.ts";

/** Whether captions speak of what a concept shows. */
export interface SaidConcept {
  readonly id: number;
  readonly name: string;
  /** Pictures in it, and how many of them have captions. */
  readonly size: number;
  readonly captioned: number;
  /** What sets its captions apart, by c-TF-IDF; scores descending. */
  readonly words: readonly ScoredWord[];
  /** Share of the other concepts that its captions are farther from than from it; 0.5 is chance, null without captions. */
  readonly power: number | null;
  /** False where its captions are no closer to it than to the others. */
  readonly said: boolean;
}

/** Whether pictures show what a word of the captions says. */
export interface CaptionWord {
  readonly word: string;
  /** Pictures whose captions say it. */
  readonly pictures: number;
  /** How well the word finds these pictures among those whose captions do not say it; 0.5 is chance. */
  readonly auc: number;
  /** False where the word finds them no better than chance. */
  readonly shown: boolean;
}

/** A picture and a caption that do not go together. */
export interface CaptionMisfit {
  /** Row in the table of images. */
  readonly row: number;
  readonly path: string;
  /** Concept id, -1 for none. */
  readonly concept: number;
  readonly caption: string;
  /** Share of other pictures that the caption fits at least as well, 0 to 1; a caption dealt out by chance has any. */
  readonly share: number;
}

/** What a collection shows against what its captions say. */
export interface CaptionReport {
  readonly pictures: number;
  /** Pictures with captions. */
  readonly captioned: number;
  readonly captions: number;
  /** In the order of the model. */
  readonly concepts: readonly SaidConcept[];
  /** Words of enough pictures, those least shown first. */
  readonly words: readonly CaptionWord[];
  /** Worst first. */
  readonly misfits: readonly CaptionMisfit[];
}

export interface CaptionReportOptions {
  /** Words said of fewer pictures are not judged; default 5. */
  readonly minPictures?: number | undefined;
  /** Words judged, those of most pictures; default 1000. */
  readonly maxWords?: number | undefined;
  /** A caption that fits this share of the other pictures at least as well as its own is a misfit; default 0.25. */
  readonly misfitShare?: number | undefined;
  /** Words given for each concept; default 5. */
  readonly wordCount?: number | undefined;
}
