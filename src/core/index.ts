/** The pure core: concept modelling over vectors, in Node, a worker or a browser tab. */

export { type AssignContext, type Assignment, assignImages } from "./assign.ts";
export type {
  CaptionMisfit,
  CaptionReport,
  CaptionReportOptions,
  CaptionWord,
  SaidConcept,
} from "./captions/caption-report.ts";
export { compareSeenAndSaid } from "./captions/seen-and-said.ts";
export type { Dendrogram } from "./compare/average-linkage.ts";
export { type BinOptions, type ColumnBins, columnBins, type TimeUnit } from "./compare/column-bins.ts";
export {
  type ConceptSimilarity,
  conceptSimilarity,
  cosineSimilarities,
} from "./compare/concept-similarity.ts";
export { type ConceptOver, type ConceptsOver, conceptsOver, strongestBin } from "./compare/concepts-over.ts";
export {
  type ContinuedConcept,
  type DiffConcept,
  diffModels,
  type LoneConcept,
  type MergedConcept,
  type ModelDiff,
  type PictureChanges,
  type SplitConcept,
} from "./compare/model-diff.ts";
export {
  type DuplicateGroups,
  type DuplicateOptions,
  duplicateThreshold,
  nearDuplicates,
} from "./compare/near-duplicates.ts";
export {
  conceptStability,
  type RefitStages,
  type Stability,
  type StabilityOptions,
} from "./compare/stability.ts";
export { type StabilityBadge, stabilities, stabilityBadge } from "./compare/stability-badge.ts";
export { conceptWithId, placesById, requireConcept } from "./concept-lookup.ts";
export { type ConceptFrequency, ConceptModel } from "./concept-model.ts";
export type { ConceptModelOptions, FitInputs } from "./concept-model-options.ts";
export { type LabelProof, provenWords } from "./concepts/label-proof.ts";
export type { Lemmatizer } from "./concepts/lemmatizer.ts";
export { type MmrOptions, maximalMarginalRelevance } from "./concepts/mmr.ts";
export { labelFault } from "./concepts/names.ts";
export {
  CountVectorizer,
  type CountVectorizerOptions,
  PhraseVectorizer,
  type Vectorizer,
} from "./concepts/vectorizer.ts";
export { defaultMinConceptSize, defaultStages, knownStages } from "./defaults.ts";
export { applyEdits, EditFault } from "./edits/apply-edits.ts";
export { type ContinuedModel, continueModel } from "./edits/continue-model.ts";
export type {
  CarryEdit,
  ConceptDraft,
  Edit,
  HideEdit,
  MergeEdit,
  MoveEdit,
  OutlierStrategy,
  OutliersEdit,
  PictureKey,
  PinEdit,
  RecutEdit,
  ReducedOutliers,
  RenameEdit,
  SplitEdit,
} from "./edits/edit.ts";
export type { EditRequest, OutlierOptions, PictureName, RecutOptions } from "./edits/edit-request.ts";
export { type ConceptNames, editTitle } from "./edits/edit-title.ts";
export { type MembershipOptions, type Memberships, membershipsOf } from "./edits/memberships.ts";
export { parseEdit } from "./edits/parse-edit.ts";
export type { PlanContext } from "./edits/plan-context.ts";
export { planEdit, withEdit, withoutLastEdits } from "./edits/plan-edit.ts";
export {
  ConceptError,
  type ConceptErrorCode,
  type ConceptErrorDetails,
  FormatError,
  InputError,
  ModelStateError,
} from "./errors.ts";
export { hdbscan } from "./hdbscan/hdbscan.ts";
export { HdbscanClusterer } from "./hdbscan/hdbscan-clusterer.ts";
export type { HdbscanModel } from "./hdbscan/hdbscan-model.ts";
export type { MembershipVectors } from "./hdbscan/membership-vectors.ts";
export type { HdbscanOptions, RelabelOptions } from "./hdbscan/options.ts";
export type { HdbscanPrediction } from "./hdbscan/predict.ts";
export {
  type ConceptHierarchy,
  conceptHierarchy,
  type HierarchyNode,
} from "./hierarchy/concept-hierarchy.ts";
export type { HierarchyBasis, HierarchyOptions } from "./hierarchy/concept-levels.ts";
export type { DenseKernels, InnerProductIndex, TopK } from "./math/kernels.ts";
export { type Matrix, matrix, normalizedRows, row, stackRows, takeRows } from "./math/matrix.ts";
export { referenceKernels } from "./math/reference-kernels.ts";
export { Rng } from "./math/rng.ts";
export { matrixSource, type VectorBlock, type VectorSource } from "./math/vector-source.ts";
export type {
  Concept,
  EmbedderReference,
  FittedModel,
  ImageColumn,
  ImageTable,
  ModelParameters,
  ScoredWord,
  Shaping,
  Vocabulary,
  WordScoring,
} from "./model.ts";
export { nearestNeighbors } from "./neighbors/nearest-neighbors.ts";
export type { Metric, Neighbors } from "./neighbors/neighbors.ts";
export {
  type FitInput,
  type FitStep,
  fitConcepts,
  type PipelineContext,
  type PipelineStages,
} from "./pipeline.ts";
export { type Comparison, type Filter, parseFilter } from "./search/parse-filter.ts";
export { parseImageTerm, parseQuery } from "./search/parse-query.ts";
export type { ResolvedTerm, SearchQuery, SearchTerm } from "./search/query.ts";
export {
  type ConceptMatch,
  type ImageMatch,
  ModelSearch,
  type NothingReason,
  type SearchableModel,
  type SearchOptions,
  type SearchResult,
} from "./search/search.ts";
export type {
  ClusterAssignment,
  ClusterCut,
  Clusterer,
  Embedder,
  FittedClusterer,
  FittedReducer,
  NeighborhoodInput,
  Reducer,
  StageContext,
  StageState,
  WorkOptions,
} from "./stages.ts";
export { IdentityReducer } from "./umap/identity-reducer.ts";
export type { LayoutInit } from "./umap/initial-layout.ts";
export type { LayoutOptimizer, LayoutTask } from "./umap/layout-task.ts";
export { referenceLayoutOptimizer } from "./umap/reference-layout-optimizer.ts";
export { type UmapOptions, type UmapResult, umap } from "./umap/umap.ts";
export { UmapReducer, type UmapReducerOptions } from "./umap/umap-reducer.ts";
export { wasmLayoutOptimizer } from "./umap/wasm-layout-optimizer.ts";
export { type GrownCollection, type GrownModel, growModel } from "./update/grow-model.ts";
export { type Growth, growthOf } from "./update/growth.ts";
export { refitModel } from "./update/refit-model.ts";
export type { Seed } from "./zero-shot/seed.ts";
