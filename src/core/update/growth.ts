import { baseOf } from "../edits/plan-edit.ts";
import { countOutliers, type FittedModel } from "../model.ts";
import { FittedGrownClusterer } from "./grown-clusterer.ts";

/** How a collection has changed since its concepts were found. */
export interface Growth {
  /** Images of the fit, those that have left included. */
  readonly fitted: number;
  /** Images that came after the fit. */
  readonly added: number;
  /** Share of the fit's images that fit no concept, 0 to 1. */
  readonly fittedOutliers: number;
  /** The same of those that came after it. */
  readonly addedOutliers: number;
  /** Why concepts should be found anew; null where they still serve. */
  readonly refit: string | null;
}

/** Fewer new images than these say nothing of a share. */
const FEW = 20;
/** How much more of the new than of the fitted images may fit no concept. */
const SHARE_BOUND = 0.1;
/** New images, as a share of those fitted, with which concepts of their own can have come. */
const GROWTH_BOUND = 1;

/**
 * Judges whether a fit still serves its collection. A refit is advised when, of at least 20 images that came after it, the
 * share in no concept is more than 10 points above that of the fit, by more than two standard errors; or when more came than
 * were fitted.
 */
export function growthOf(model: FittedModel): Growth {
  const { clusterer, images } = baseOf(model);
  if (!(clusterer instanceof FittedGrownClusterer)) {
    const share = images.ids.length === 0 ? 0 : countOutliers(images) / images.ids.length;
    return { fitted: images.ids.length, added: 0, fittedOutliers: share, addedOutliers: 0, refit: null };
  }
  const { fittedRow, fittedCount } = clusterer.rows;
  const labels = clusterer.labels.filter((_, image) => fittedRow[image] === -1);
  const fittedOutliers = share(clusterer.inner.labels);
  const addedOutliers = share(labels);
  const facts = { fitted: fittedCount, added: labels.length, fittedOutliers, addedOutliers };
  return { ...facts, refit: reasonToRefit(facts) };
}

function share(labels: Int32Array): number {
  return labels.length === 0 ? 0 : labels.filter((label) => label === -1).length / labels.length;
}

function reasonToRefit({
  fitted,
  added,
  fittedOutliers,
  addedOutliers,
}: Omit<Growth, "refit">): string | null {
  const noise = Math.sqrt((addedOutliers * (1 - addedOutliers)) / Math.max(1, added));
  const excess = addedOutliers - fittedOutliers;
  if (added >= FEW && excess > Math.max(SHARE_BOUND, 2 * noise)) {
    return `${percent(addedOutliers)} of the pictures that came since the fit are in no concept, ${percent(fittedOutliers)} were in the fit`;
  }
  if (added > GROWTH_BOUND * fitted) return `${added} pictures came since the fit of ${fitted}`;
  return null;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}
