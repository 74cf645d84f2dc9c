import { InputError } from "../errors.ts";

/** What shapes a layout and the places of new points in it. */
export interface UmapParameters {
  /** Dimensions of the layout, an integer from 1. */
  readonly dimensions: number;
  /** Distance that near points may have in the layout, from 0; default 0.1. */
  readonly minDist?: number | undefined;
  /** Scale of the layout, above minDist / 3; default 1. */
  readonly spread?: number | undefined;
  /** Epochs of optimisation, an integer from 1; default 300 up to 10,000 points, then 200; 200 and 120 in one or two dimensions. */
  readonly epochs?: number | undefined;
  /** Step size of the first epoch, above 0 to 100; default 1. */
  readonly learningRate?: number | undefined;
  /** Random points pushed away for each neighbour pulled, an integer from 0; default 5. */
  readonly negativeSampleRate?: number | undefined;
  /** 1 joins the two directions of an edge by fuzzy union, 0 by intersection; default 1. */
  readonly setOperationMixRatio?: number | undefined;
  /** Nearest neighbours assumed fully connected, from 0, need not be whole; default 1. */
  readonly localConnectivity?: number | undefined;
  /** Weight of the pushes, 0 to 1000; default 1. */
  readonly repulsionStrength?: number | undefined;
}

/** The same with every default filled in, and `epochs` 0 for automatic. */
export type FullUmapParameters = {
  readonly [Name in keyof UmapParameters]-?: NonNullable<UmapParameters[Name]>;
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

const RANGES: { readonly [Name in keyof FullUmapParameters]: Range } = {
  dimensions: { from: 1, to: 4096, whole: true },
  minDist: { from: 0, to: 1000, whole: false },
  spread: { from: 1e-3, to: 1000, whole: false },
  epochs: { from: 0, to: 1e6, whole: true },
  learningRate: { from: 1e-9, to: 100, whole: false },
  negativeSampleRate: { from: 0, to: 1000, whole: true },
  setOperationMixRatio: { from: 0, to: 1, whole: false },
  localConnectivity: { from: 0, to: 1000, whole: false },
  repulsionStrength: { from: 0, to: 1000, whole: false },
};

/** @throws InputError naming the first parameter out of range */
export function fullUmapParameters(parameters: UmapParameters): FullUmapParameters {
  const full: FullUmapParameters = {
    dimensions: parameters.dimensions,
    minDist: parameters.minDist ?? 0.1,
    spread: parameters.spread ?? 1,
    epochs: parameters.epochs ?? 0,
    learningRate: parameters.learningRate ?? 1,
    negativeSampleRate: parameters.negativeSampleRate ?? 5,
    setOperationMixRatio: parameters.setOperationMixRatio ?? 1,
    localConnectivity: parameters.localConnectivity ?? 1,
    repulsionStrength: parameters.repulsionStrength ?? 1,
  };
  for (const name of Object.keys(RANGES) as (keyof FullUmapParameters)[]) {
    const { from, to, whole } = RANGES[name];
    const value: unknown = full[name];
    if (typeof value === "number" && value >= from && value <= to && (!whole || Number.isInteger(value)))
      continue;
    const expected = `${whole ? "an integer" : "a number"} from ${from} to ${to}`;
    throw new InputError(`${name} is out of range`, { expected, found: String(value) }, "BAD_OPTION");
  }
  return full;
}
