import type { Stability } from "../core/compare/stability.ts";
import { applyEdits } from "../core/edits/apply-edits.ts";
import type { Edit } from "../core/edits/edit.ts";
import { baseOf } from "../core/edits/plan-edit.ts";
import { ModelStateError } from "../core/errors.ts";
import type { FittedModel } from "../core/model.ts";
import { PresentableModel } from "./presentable-model.ts";
import { type SavedState, writeEdits } from "./saved-model/edit-log.ts";
import { isSamePlace, type SaveOptions, saveModel } from "./saved-model/save-model.ts";

/** Where a model was loaded from or saved to last, and which edits are there. */
export interface SavedPlace {
  readonly folder: string;
  readonly checksum: string;
  readonly base: FittedModel;
  readonly edits: readonly Edit[];
  readonly tornEdit: boolean;
}

/** A model that lies in a folder, or may: saves it and its edits there, and knows which of them are there. */
export abstract class SavedConceptModel extends PresentableModel {
  protected place: SavedPlace | null = null;

  /** What is known of the saved model: what it was when it was loaded or saved last; null before. */
  get savedState(): SavedState | null {
    return this.place === null ? null : { checksum: this.place.checksum, edits: this.place.edits };
  }

  /** Puts a stability into the model, and the model into its folder. @throws as `save` */
  async saveStability(folder: string, stability: Stability): Promise<void> {
    this.addStability(stability);
    await this.save(folder);
  }

  /**
   * Writes the model as a folder of open files; a crash leaves the old one or the new one, never half.
   *
   * @param options `replaces` is by default, in the folder that the model was loaded from or saved to last, what it was then: edits that
   * others have made there since are not lost
   * @throws ModelStateError (`EDITED_ELSEWHERE`) when there are some: the folder is left as it is. `load` it and do the work again,
   * or take its edits over to a fit by `continueFrom`; InputError as `saveModel`
   */
  async save(folder: string, options: Pick<SaveOptions, "replaces"> = {}): Promise<void> {
    const { replaces = (await this.isAt(folder)) ? this.savedState : undefined } = options;
    const { checksum } = await saveModel(this.fitted, folder, { replaces });
    this.place = { folder, checksum, base: baseOf(this.fitted), edits: this.edits, tornEdit: false };
  }

  /**
   * Writes the edits made and undone since the model was loaded or saved into its folder: only the log of edits is written, and
   * it is on the disk when this returns.
   *
   * @throws ModelStateError (`EDITED_ELSEWHERE`) when somebody else has edited or replaced the saved model in the meantime;
   * (`NOT_SAVED`) when this fit was never saved or loaded
   */
  async saveEdits(): Promise<void> {
    const place = this.ownPlace();
    const { edits } = this;
    await writeEdits(place.folder, place.edits, edits, place.checksum);
    this.place = { ...place, edits, tornEdit: false };
  }

  /** Goes back to the edits that are in the model's folder as far as is known here; nothing is read. */
  forgetUnsavedEdits(): void {
    const { base, edits } = this.ownPlace();
    this.fitted = applyEdits(base, edits);
  }

  /** Whether the last write to the loaded model's edits was cut off; what it wrote is ignored. */
  get hasTornEdit(): boolean {
    return this.place?.tornEdit ?? false;
  }

  private async isAt(folder: string): Promise<boolean> {
    return this.place !== null && (await isSamePlace(this.place.folder, folder));
  }

  protected ownPlace(): SavedPlace {
    const { place } = this;
    if (place !== null && place.base === baseOf(this.fitted)) return place;
    throw new ModelStateError("NOT_SAVED", "This model is not in a folder yet", {
      hint: "Call save() first.",
    });
  }
}
