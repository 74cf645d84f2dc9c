import { requireConcept } from "../core/concept-lookup.ts";
import { InputError, ModelStateError } from "../core/errors.ts";
import { type Concept, countOutliers, type FittedModel, type ImageTable } from "../core/model.ts";
import { collageSummary } from "../core/view/collage-summary.ts";
import type { CollageTheme } from "../core/view/collage-theme.ts";
import { type ConceptTile, type DrawnCollage, drawCollage } from "./collage/draw-collage.ts";
import { writeCollage } from "./collage/write-collage.ts";
import { locate } from "./inputs/location.ts";

export interface CollageChoice {
  /** How many concepts, largest first; default 12, all where there are fewer. */
  readonly topN?: number | undefined;
  /** These concepts instead, in this order. */
  readonly concepts?: readonly number[] | undefined;
  /** Default `"light"`. */
  readonly theme?: CollageTheme | undefined;
  /** Tiles in a row; default what looks best. */
  readonly columns?: number | undefined;
  /** Default `"Concepts"`. */
  readonly title?: string | undefined;
  /** Where the pictures are now, if not where they were fitted. */
  readonly root?: string | undefined;
}

/** A drawn collage; `write` takes `.png`, `.svg` or `.html`. */
export interface Collage extends DrawnCollage {
  write(file: string): Promise<void>;
}

const DEFAULT_TOP = 12;
const WORDS_SHOWN = 5;

/**
 * Draws concepts of a model from their pictures' files.
 *
 * @throws ModelStateError (NO_CONCEPTS) when there are none, InputError for an unknown id, or where no picture can be read
 */
export async function drawConcepts(model: FittedModel, choice: CollageChoice): Promise<Collage> {
  const concepts = chosenConcepts(model, choice);
  const root = choice.root ?? model.images.root;
  if (root === null) {
    throw new InputError("The concepts cannot be drawn: the model was made from vectors, without files", {
      hint: "Fit with the pictures' paths (--images on the command line).",
    });
  }
  const title = choice.title ?? "Concepts";
  const theme = choice.theme ?? "light";
  const drawn = await drawCollage(
    concepts.map((concept) => conceptTile(concept, model.images, root)),
    { theme, columns: choice.columns, title, subtitle: summaryLine(model, concepts.length) },
  );
  if (drawn.missing.length === concepts.reduce((sum, { exemplars }) => sum + exemplars.length, 0)) {
    throw new InputError("None of the pictures to draw could be read", {
      found: `nothing at ${locate(root, drawn.missing[0]!)}`,
      hint: "Where they were moved, say where they are now (--root on the command line).",
    });
  }
  return { ...drawn, write: (file) => writeCollage(file, drawn, { theme, title }) };
}

function chosenConcepts(model: FittedModel, choice: CollageChoice): Concept[] {
  if (model.concepts.length === 0) {
    throw new ModelStateError("NO_CONCEPTS", "The model has no concepts to draw", {
      found: `${model.images.ids.length} pictures, all in no concept`,
      hint: "Fit again with a smaller minimum concept size (--min-size on the command line).",
    });
  }
  if (choice.concepts === undefined) {
    return model.concepts.filter(({ hidden }) => !hidden).slice(0, choice.topN ?? DEFAULT_TOP);
  }
  return choice.concepts.map((id) => requireConcept(model.concepts, id));
}

function conceptTile(concept: Concept, images: ImageTable, root: string): ConceptTile {
  return {
    title: concept.name,
    words: concept.words.slice(0, WORDS_SHOWN).map(({ word }) => word),
    size: concept.size,
    share: concept.size / images.ids.length,
    pictures: Array.from(concept.exemplars, (row) => ({
      name: images.paths[row]!,
      source: locate(root, images.paths[row]!),
    })),
  };
}

function summaryLine(model: FittedModel, shown: number): string {
  const { images, concepts } = model;
  const unassigned = countOutliers(images);
  return collageSummary({ pictures: images.ids.length, concepts: concepts.length, unassigned, shown });
}
