import { FormatError, InputError } from "../core/errors.ts";
import type { PixelRequest, PixelSize, Pixels, ResampleFilter } from "./image-decoder.ts";

/** What a model's preprocessor_config.json asks for. */
export interface Preprocessing {
  readonly request: PixelRequest;
  /** Size of the model's input. */
  readonly input: PixelSize;
  /** 3 x 256, row-major: the input value for each channel (in the model's order) and each byte. */
  readonly values: Float32Array;
  /** Whether the model wants blue first. */
  readonly flipChannels: boolean;
}

/** Pillow's numbers for its filters. */
const FILTERS: ReadonlyMap<unknown, ResampleFilter> = new Map<unknown, ResampleFilter>([
  [0, "nearest"],
  [1, "lanczos3"],
  [2, "bilinear"],
  [3, "bicubic"],
  ["nearest", "nearest"],
  ["lanczos", "lanczos3"],
  ["bilinear", "bilinear"],
  ["bicubic", "bicubic"],
]);

type Config = Readonly<Record<string, unknown>>;

/**
 * Reads a parsed preprocessor_config.json. Follows the image processors of Python transformers 4.4x: a bare number as
 * `size` is the shorter side when a centre crop follows, else a square. JinaCLIP's own keys (`resize_mode`,
 * `interpolation`, `mean`, `std`) are understood as well.
 *
 * @throws FormatError (BAD_MODEL) when it asks for something no CLIP-like model does
 */
export function parsePreprocessor(json: unknown): Preprocessing {
  if (typeof json !== "object" || json === null) throw unusable("a JSON object", JSON.stringify(json));
  const config = json as Config;
  const crop = parseCrop(config);
  const resize = parseResize(config, crop !== null);
  const input = crop ?? ("shortestEdge" in resize ? null : resize);
  if (input === null)
    throw unusable("a crop or a fixed size", `size ${JSON.stringify(config["size"])} without crop`);
  return {
    request: { resize, resample: parseFilter(config), crop },
    input,
    values: channelValues(config),
    flipChannels: config["do_flip_channel_order"] === true,
  };
}

/**
 * Pictures as the model's input tensor.
 *
 * @param count pictures in the batch, at least `pixels.length`; the last picture is repeated to fill it
 * @param memory gives what the tensor is written to, of any content; default: fresh memory
 * @returns count x 3 x height x width, row-major
 * @throws InputError when a picture is not of the size asked for
 */
export function packPixels(
  pixels: readonly Pixels[],
  preprocessing: Preprocessing,
  count: number,
  memory: (length: number) => Float32Array = (length) => new Float32Array(length),
): Float32Array {
  const { input, values, flipChannels } = preprocessing;
  const area = input.width * input.height;
  const packed = memory(count * 3 * area);
  for (let i = 0; i < pixels.length; i++) {
    const { data, width, height } = pixels[i]!;
    if (width !== input.width || height !== input.height || data.length !== area * 3) {
      throw new InputError("The decoded picture does not have the size the model wants", {
        expected: `${input.width} x ${input.height} x 3 bytes`,
        found: `${width} x ${height}, ${data.length} bytes`,
      });
    }
    for (let channel = 0; channel < 3; channel++) {
      const start = (i * 3 + channel) * area;
      let source = flipChannels ? 2 - channel : channel;
      for (let p = 0; p < area; p++, source += 3) packed[start + p] = values[channel * 256 + data[source]!]!;
    }
  }
  const last = (pixels.length - 1) * 3 * area;
  for (let i = pixels.length; i < count; i++) packed.copyWithin(i * 3 * area, last, last + 3 * area);
  return packed;
}

function parseCrop(config: Config): PixelSize | null {
  const jina = config["resize_mode"] !== undefined;
  if (config["do_center_crop"] !== true && !jina) return null;
  const size = jina ? (config["crop_size"] ?? config["size"]) : config["crop_size"];
  const crop = typeof size === "number" ? { width: size, height: size } : fixedSize(size);
  if (crop === null || !isLength(crop.width)) throw unusable("a crop_size", JSON.stringify(size));
  return crop;
}

function parseResize(config: Config, cropped: boolean): PixelRequest["resize"] {
  const size = config["size"];
  const mode = config["resize_mode"];
  if (config["do_resize"] === false) throw unusable("do_resize", "false");
  if (mode !== undefined && mode !== "shortest" && mode !== "squash") {
    throw unusable(`resize_mode "shortest" or "squash"`, JSON.stringify(mode));
  }
  if (isLength(size)) {
    const square = mode === undefined ? !cropped : mode === "squash";
    return square ? { width: size, height: size } : { shortestEdge: size };
  }
  const fixed = fixedSize(size);
  if (fixed !== null) return fixed;
  const edge = typeof size === "object" && size !== null ? (size as Config)["shortest_edge"] : undefined;
  if (!isLength(edge)) throw unusable("a size with shortest_edge, or width and height", JSON.stringify(size));
  return { shortestEdge: edge };
}

function fixedSize(size: unknown): PixelSize | null {
  if (typeof size !== "object" || size === null) return null;
  const { width, height } = size as Config;
  return isLength(width) && isLength(height) ? { width, height } : null;
}

/** A side in pixels that a model can mean; what is larger comes from a forged file. */
function isLength(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 8192;
}

function parseFilter(config: Config): ResampleFilter {
  const asked = config["resample"] ?? config["interpolation"] ?? 2;
  const filter = FILTERS.get(asked);
  if (filter === undefined) throw unusable("resample 0 to 3", JSON.stringify(asked));
  return filter;
}

/** `(byte * rescale_factor - mean) / std`, once for every byte there is. */
function channelValues(config: Config): Float32Array {
  const scale = config["do_rescale"] === false ? 1 : (config["rescale_factor"] ?? 1 / 255);
  const normalize = config["do_normalize"] !== false;
  const mean = normalize ? perChannel(config["image_mean"] ?? config["mean"], "image_mean") : [0, 0, 0];
  const std = normalize ? perChannel(config["image_std"] ?? config["std"], "image_std") : [1, 1, 1];
  if (typeof scale !== "number" || std.includes(0))
    throw unusable("a rescale_factor and an image_std", "none");
  const values = new Float32Array(3 * 256);
  for (let i = 0; i < values.length; i++) {
    const channel = i >> 8;
    values[i] = ((i & 255) * scale - mean[channel]!) / std[channel]!;
  }
  return values;
}

function perChannel(value: unknown, name: string): readonly number[] {
  const list = typeof value === "number" ? [value, value, value] : value;
  if (Array.isArray(list) && list.length === 3 && list.every((entry) => Number.isFinite(entry))) return list;
  throw unusable(`three numbers as ${name}`, JSON.stringify(value));
}

function unusable(expected: string, found: string | undefined): FormatError {
  return new FormatError(
    "The model's preprocessor_config.json cannot be followed",
    { expected, found: found ?? "nothing" },
    "BAD_MODEL",
  );
}
