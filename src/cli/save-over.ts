import { stat } from "node:fs/promises";
import path from "node:path";
import { ConceptError } from "../core/errors.ts";
import type { ConceptModel } from "../node/concept-model.ts";
import type { SavedState } from "../node/saved-model/edit-log.ts";
import type { Terminal } from "./terminal.ts";

/** Who edits all the time must not hold up a command for ever. */
const mostTries = 5;

/**
 * Does again what others have edited a saved model under: taking their edits over and saving.
 *
 * @param attempt gets the number of the try, from 1
 * @throws the error of the last try
 */
export async function untilSaved<T>(attempt: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!isEditedElsewhere(error) || tries === mostTries) throw error;
    }
  }
}

export function isEditedElsewhere(error: unknown): boolean {
  return error instanceof ConceptError && error.code === "EDITED_ELSEWHERE";
}

/** What a new fit takes over, and what is known of the model whose place it takes. */
export interface Predecessor {
  readonly earlier: ConceptModel | null;
  readonly replaces: SavedState | null;
}

/** How a fit comes to the place of another model. */
export interface Succession {
  readonly output: string;
  /** Found anew before each try; null where it cannot be another than it was, so that one try is enough. */
  readonly latest: (() => Promise<Predecessor>) | null;
  readonly first: Predecessor;
  /** Carries the earlier model over to the fit, which has no edits, and makes those that the user has asked for. */
  readonly shape: (earlier: ConceptModel | null) => Promise<void>;
}

/**
 * Saves a fit that took long. Where others have edited what it would replace, their edits are taken over first; where that cannot be
 * done it is saved beside it.
 *
 * @returns where it is
 */
export async function saveOver(model: ConceptModel, how: Succession, terminal: Terminal): Promise<string> {
  const { output, latest, first, shape } = how;
  const attempt = async (): Promise<void> => {
    const { earlier, replaces } = latest === null ? first : await latest();
    model.undoAll();
    await shape(earlier);
    await model.save(output, { replaces });
  };
  try {
    await (latest === null ? attempt() : untilSaved(attempt));
    return output;
  } catch (error) {
    if (!isEditedElsewhere(error)) throw error;
    const place = await freePlace(output);
    await model.save(place, { replaces: null });
    terminal.warn(
      `${output} was edited while it was to be replaced: it is left as it is, the new model is ${place}.\nThe same command with --continue ${output} takes its edits over.`,
    );
    return place;
  }
}

/** `photos-2.concept` beside `photos.concept`, or the next number that is free. */
async function freePlace(output: string): Promise<string> {
  const { dir, name, ext } = path.parse(output);
  for (let number = 2; ; number++) {
    const place = path.join(dir, `${name}-${number}${ext}`);
    if ((await stat(place).catch(() => null)) === null) return place;
  }
}
