// The collections that settings are judged on. Tuning looks at `golden`, `pictures` and `tuning`; `heldout` is for the end.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { clipLike } from "./generator.mjs";

const GOLDEN = fileURLToPath(new URL("../../test/golden/", import.meta.url));

const SPECS = {
  tuning: {
    flat_zipf: {
      rows: 3000,
      dimensions: 256,
      groups: 40,
      family: 1,
      tightness: 0.8,
      background: 0.1,
      seed: 11,
    },
    families: {
      rows: 6000,
      dimensions: 512,
      groups: 60,
      sizes: "lognormal",
      family: 5,
      siblings: 0.945,
      leaning: 0.15,
      background: 0.3,
      seed: 12,
    },
    equal: {
      rows: 4000,
      dimensions: 128,
      groups: 24,
      sizes: "equal",
      family: 3,
      siblings: 0.9,
      background: 0,
      seed: 13,
    },
    buried: { rows: 8000, dimensions: 512, groups: 50, family: 4, siblings: 0.93, background: 0.5, seed: 14 },
    stretched: {
      rows: 5000,
      dimensions: 384,
      groups: 12,
      family: 2,
      siblings: 0.85,
      stretch: 0.5,
      leaning: 0.25,
      background: 0.2,
      seed: 15,
    },
    tight_pairs: {
      rows: 2500,
      dimensions: 512,
      groups: 20,
      sizes: "equal",
      family: 2,
      siblings: 0.96,
      tightness: 0.9,
      leaning: 0.12,
      background: 0.2,
      seed: 16,
    },
  },
  heldout: {
    h_flat: {
      rows: 2500,
      dimensions: 512,
      groups: 30,
      sizes: "lognormal",
      family: 1,
      tightness: 0.82,
      background: 0.4,
      seed: 101,
    },
    h_families: {
      rows: 9000,
      dimensions: 384,
      groups: 90,
      family: 6,
      siblings: 0.95,
      background: 0.3,
      seed: 102,
    },
    h_equal: {
      rows: 3000,
      dimensions: 256,
      groups: 40,
      sizes: "equal",
      family: 4,
      siblings: 0.93,
      background: 0.05,
      seed: 103,
    },
    h_buried: {
      rows: 5000,
      dimensions: 768,
      groups: 25,
      sizes: "lognormal",
      family: 5,
      siblings: 0.94,
      background: 0.5,
      seed: 104,
    },
    h_stretched: {
      rows: 4000,
      dimensions: 512,
      groups: 16,
      family: 4,
      siblings: 0.9,
      stretch: 0.4,
      background: 0,
      seed: 105,
    },
    h_triples: {
      rows: 6000,
      dimensions: 512,
      groups: 45,
      sizes: "lognormal",
      family: 3,
      siblings: 0.955,
      background: 0.25,
      seed: 106,
    },
    h_small: {
      rows: 1200,
      dimensions: 512,
      groups: 12,
      family: 3,
      siblings: 0.94,
      background: 0.2,
      seed: 107,
    },
  },
};

const NAMES = {
  golden: ["hard_2000", "hard_10000", "like_2000", "like_10000"],
  pictures: ["cifar_2000", "cifar_10000", "emoji_twitter", "emoji_google"],
  tuning: Object.keys(SPECS.tuning),
  heldout: Object.keys(SPECS.heldout),
};

/** Names of the collections of a kind, or the name itself. */
export function collectionNames(kindOrName) {
  return NAMES[kindOrName] ?? [kindOrName];
}

/**
 * Vectors and true groups of a collection; those of pictures must have been embedded by `pictures.mjs`.
 * @param folder where embedded vectors are
 * @returns {{ data: Float32Array, rows: number, cols: number, truth: Int32Array }}
 */
export function loadCollection(name, folder) {
  if (NAMES.golden.includes(name)) return golden(name);
  const spec = SPECS.tuning[name] ?? SPECS.heldout[name];
  if (spec !== undefined) return clipLike(spec);
  const description = path.join(folder ?? "", `${name}.json`);
  if (!existsSync(description))
    throw new Error(`No collection ${name}: run pictures.mjs, then give its --folder`);
  const { rows, cols, labels } = JSON.parse(readFileSync(description, "utf8"));
  return {
    data: float32(readFileSync(path.join(folder, `${name}.f32`))),
    rows,
    cols,
    truth: Int32Array.from(labels),
  };
}

function golden(name) {
  const vectors = npy(path.join(GOLDEN, `clip_${name}_f16.npy`));
  const truth = Int32Array.from(npy(path.join(GOLDEN, `clip_${name}_labels.npy`)).values);
  const [rows, cols] = vectors.shape;
  // Float16 leaves lengths off by 1e-4; the pipeline wants unit rows.
  const data = Float32Array.from(vectors.values);
  for (let r = 0; r < rows; r++) {
    const row = data.subarray(r * cols, (r + 1) * cols);
    const length = Math.hypot(...row);
    for (let c = 0; c < cols; c++) row[c] /= length;
  }
  return { data, rows, cols, truth };
}

function npy(file) {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const dtype = /'descr': '([^']+)'/.exec(header)[1];
  const shape = /\(([^)]*)\)/
    .exec(header)[1]
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const body = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  return { values: Array.from(READERS[dtype](body), Number), shape };
}

const READERS = {
  "<f2": (body) => halves(new Uint16Array(body)),
  "<f4": (body) => new Float32Array(body),
  "<i4": (body) => new Int32Array(body),
  "<i8": (body) => new BigInt64Array(body),
  "<i2": (body) => new Int16Array(body),
};

function halves(bits) {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

function float32(bytes) {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
