import type { FittedModel } from "../model.ts";
import type { ColumnBins } from "./column-bins.ts";
import { conceptPlaces } from "./concept-links.ts";

/** A concept, or the pictures in none, over the bins of a column. Every array has one entry a bin. */
export interface ConceptOver {
  /** -1 for the pictures in no concept. */
  readonly id: number;
  readonly name: string;
  /** Its pictures that have a value in the column. */
  readonly size: number;
  readonly counts: Int32Array;
  /** Of the bin's pictures, 0 to 1; 0 in empty bins. */
  readonly shares: Float64Array;
  /** Of all pictures with a value, 0 to 1. */
  readonly share: number;
  /** Log odds against the other bins, with a prior; above 0 where over-represented. */
  readonly logOdds: Float64Array;
  /** The log odds in standard errors: beyond about 2 it is hardly chance. */
  readonly zScores: Float64Array;
}

/** How concepts lie over time, or over the classes of a column. */
export interface ConceptsOver {
  readonly by: string;
  readonly kind: ColumnBins["kind"];
  readonly bins: readonly { readonly label: string; readonly pictures: number }[];
  /** Pictures for which the column says nothing; they are in no bin. */
  readonly unknown: number;
  /** In the model's order, hidden ones left out, then the pictures in no concept, if there are any. */
  readonly concepts: readonly ConceptOver[];
}

/** As if each concept had been seen once more, on average, spread as over all pictures. */
const PRIOR_PICTURES_A_CONCEPT = 1;

/**
 * Counts concepts in bins and tells where each is over-represented: by the log odds of a bin against all others with an
 * informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15, 16, 20 and 22), which lets three of three
 * pictures count for little and three hundred of a thousand for much.
 */
export function conceptsOver(
  model: Pick<FittedModel, "images" | "concepts">,
  column: ColumnBins,
): ConceptsOver {
  const { labels, binOf } = column;
  const groups = [...model.concepts.map(({ id, name }) => ({ id, name })), { id: -1, name: "in no concept" }];
  const places = conceptPlaces(model).map((place) => (place === -1 ? groups.length - 1 : place));
  const counts = groups.map(() => new Int32Array(labels.length));
  const totals = new Int32Array(labels.length);
  binOf.forEach((bin, row) => {
    if (bin === -1) return;
    const inBin = counts[places[row]!]!;
    inBin[bin] = inBin[bin]! + 1;
    totals[bin] = totals[bin]! + 1;
  });
  const hidden = new Set(model.concepts.filter((one) => one.hidden === true).map(({ id }) => id));
  const known = totals.reduce((sum, total) => sum + total, 0);
  const priorTotal = PRIOR_PICTURES_A_CONCEPT * groups.length;
  const described = groups.map(({ id, name }, place): ConceptOver => {
    const inBins = counts[place]!;
    const size = inBins.reduce((sum, count) => sum + count, 0);
    const share = known === 0 ? 0 : size / known;
    const odds = Array.from(inBins, (count, bin) =>
      logOddsAgainstRest({
        count,
        total: totals[bin]!,
        restCount: size - count,
        restTotal: known - totals[bin]!,
        prior: priorTotal * share,
        priorTotal,
      }),
    );
    return {
      id,
      name,
      size,
      counts: inBins,
      shares: Float64Array.from(inBins, (count, bin) => (count === 0 ? 0 : count / totals[bin]!)),
      share,
      logOdds: Float64Array.from(odds, ({ value }) => value),
      zScores: Float64Array.from(odds, ({ value, error }) => (error === 0 ? 0 : value / error)),
    };
  });
  return {
    by: column.by,
    kind: column.kind,
    bins: labels.map((label, bin) => ({ label, pictures: totals[bin]! })),
    unknown: binOf.length - known,
    concepts: described.filter(({ id, size }) => (id === -1 ? size > 0 : !hidden.has(id))),
  };
}

interface BinCounts {
  readonly count: number;
  readonly total: number;
  readonly restCount: number;
  readonly restTotal: number;
  readonly prior: number;
  readonly priorTotal: number;
}

/** No evidence at all is no difference: a concept without pictures, or a bin beside which there is none. */
function logOddsAgainstRest(counts: BinCounts): { readonly value: number; readonly error: number } {
  const { count, total, restCount, restTotal, prior, priorTotal } = counts;
  const [here, elsewhere] = [count + prior, restCount + prior];
  const [otherHere, otherElsewhere] = [total + priorTotal - here, restTotal + priorTotal - elsewhere];
  if (!(here > 0 && elsewhere > 0 && otherHere > 0 && otherElsewhere > 0)) return { value: 0, error: 0 };
  return {
    value: Math.log(here / otherHere) - Math.log(elsewhere / otherElsewhere),
    error: Math.sqrt(1 / here + 1 / elsewhere),
  };
}

/** The bin in which a concept is most clearly over-represented; null where it is beyond chance in none. */
export function strongestBin({ zScores }: Pick<ConceptOver, "zScores">): number | null {
  const best = zScores.reduce((at, z, bin) => (z > zScores[at]! ? bin : at), 0);
  return zScores.length > 0 && zScores[best]! >= CLEAR ? best : null;
}

/** Two standard errors. */
const CLEAR = 2;
