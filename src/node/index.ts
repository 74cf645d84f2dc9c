/** Concept modelling for folders of pictures on Node; the pure core is `conceptmodel`. */

export type { DrawnChart } from "./charts/draw-chart.ts";
export type { OverChoice } from "./charts/over-chart.ts";
export type { SimilarityChoice } from "./charts/similarity-chart.ts";
export {
  ConceptModel,
  type ConceptModelOptions,
  type FitInputs,
} from "./concept-model.ts";
export type { Collage, CollageChoice } from "./draw-concepts.ts";
export type { DuplicatePicture, RankedDuplicates } from "./duplicates.ts";
export type { ExportFormat, ExportOptions, ExportReport } from "./export/export-model.ts";
export type { LinkKind } from "./export/folders.ts";
export { type EmbedderOptions, FileEmbedder, openFileEmbedder } from "./file-embedder.ts";
export type { SkippedFile } from "./images/image-file.ts";
export type { SkipCode } from "./images/unusable-picture.ts";
export type { CollectionOptions } from "./inputs/collection.ts";
export type { InputSurvey, KindCount } from "./inputs/survey.ts";
export type { ChatEndpointOptions, ChatMessage, ChatPart } from "./language-model/chat-endpoint.ts";
export type { NameConceptsOptions, NamingOptions, ProposedName } from "./language-model/name-concepts.ts";
export { type LayoutThreadsOptions, threadedLayoutOptimizer } from "./layout-threads.ts";
export type { MetadataOptions, MetadataReport } from "./metadata/metadata-sources.ts";
export type { TableReport } from "./metadata/metadata-table.ts";
export { onnxKernels } from "./onnx-kernels.ts";
export type { OverColumnOptions } from "./over-column.ts";
export type { DuplicateChoice } from "./presentable-model.ts";
export { type ReportOptions, type WrittenReport, writeReport } from "./report/write-report.ts";
export type { SavedState } from "./saved-model/edit-log.ts";
export { loadModel } from "./saved-model/load-model.ts";
export { type SaveOptions, saveModel } from "./saved-model/save-model.ts";
export { SavedSearch, type SavedSearchOptions } from "./saved-search.ts";
export type { FileSeed } from "./seed-files.ts";
export { type Explorer, type ExplorerOptions, startExplorer } from "./server/start-explorer.ts";
export type { UpdateOptions, UpdateReport } from "./update/update-collection.ts";
export { NpyVectors } from "./vectors/npy-vectors.ts";
export { readVectors } from "./vectors/read-vectors.ts";
export { wordnetLemmatizer } from "./wordnet-lemmas.ts";
export { wordnetNouns } from "./wordnet-nouns.ts";
