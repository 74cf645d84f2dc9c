import type { DualEncoder, DualEncoderOptions } from "../../embed/dual-encoder.ts";
import type { TokenBatch, TokenRules } from "../../embed/text-batches.ts";
import type { CarriedError } from "./carried-error.ts";

/** What a thread is started with. */
export interface EncoderSetup {
  readonly source: string;
  readonly options: DualEncoderOptions;
  /** `"image"`: the tower of pictures alone. */
  readonly towers: "both" | "image";
}

/** What a thread is asked; it answers in the order asked. */
export type EncoderRequest =
  | { readonly kind: "images"; readonly pixels: Float32Array; readonly rows: number }
  | { readonly kind: "texts"; readonly batch: TokenBatch }
  | { readonly kind: "tokens"; readonly texts: readonly string[] }
  | { readonly kind: "dispose" };

export interface EncoderReady {
  readonly kind: "ready";
  /** Of an encoder with both towers. */
  readonly shape: (Pick<DualEncoder, "dimensions"> & { readonly rules: TokenRules }) | null;
}

export type EncoderAnswer =
  | EncoderReady
  | {
      readonly kind: "vectors";
      readonly data: Float32Array;
      readonly cols: number;
      /** The pixels' memory, given back. */
      readonly pixels?: Float32Array;
    }
  | { readonly kind: "tokens"; readonly tokens: readonly (readonly number[])[] }
  | { readonly kind: "disposed" }
  | { readonly kind: "failed"; readonly error: CarriedError };
