import type { ApiEvent } from "../../core/explorer/api.ts";
import { locate } from "../inputs/location.ts";
import { SheetStore } from "../thumbnails/sheet-store.ts";
import type { ModelView } from "./model-view.ts";
import { readPictureFile } from "./picture-file.ts";

/** Least time between two reports of progress, in milliseconds. */
const REPORT_EVERY = 250;

/** The sheets of thumbnails of one collection, drawn in the background; those asked for come first. */
export class Thumbnails {
  readonly collection: string;
  readonly store: SheetStore;
  private readonly tell: (event: ApiEvent) => void;
  private fraction = 0;
  private reported = 0;

  /** @param tell hears of progress, and of the end */
  constructor(view: ModelView, folder: string, tell: (event: ApiEvent) => void) {
    const { images } = view.fitted;
    const { root } = view;
    this.collection = view.collection;
    this.tell = tell;
    const pathOf = (row: number): string => locate(root ?? "", images.paths[row]!);
    const read = (row: number) => readPictureFile(view, row);
    this.store = new SheetStore({ model: view.fitted, folder, pathOf, read });
    const isOver = this.store.buildAll({ onProgress: (fraction) => this.report(fraction) });
    // It ends when it is closed, too: what is missing is drawn when it is asked for.
    isOver.catch(() => undefined);
  }

  get progress(): ApiEvent {
    const { length } = this.store.slots;
    return { kind: "thumbnails", done: Math.round(this.fraction * length), of: length };
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  private report(fraction: number): void {
    this.fraction = fraction;
    const now = Date.now();
    if (fraction < 1 && now - this.reported < REPORT_EVERY) return;
    this.reported = now;
    this.tell(this.progress);
  }
}
