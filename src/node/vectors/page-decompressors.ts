import * as zlib from "node:zlib";
import { type Compressors, snappyUncompress } from "hyparquet";
import { FormatError } from "../../core/errors.ts";

/** Parquet's codecs that Node has on board. None makes more bytes than its page header says. */
export const pageDecompressors: Compressors = {
  SNAPPY: (input, size) => {
    // A Snappy element of 3 bytes makes at most 64, so a header that claims more is forged.
    if (size > input.length * 64) throw forgedPage(input.length, size);
    const output = new Uint8Array(size);
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, size) => zlib.gunzipSync(input, { maxOutputLength: Math.max(size, 1) }),
  BROTLI: (input, size) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(size, 1) }),
  ZSTD: (input, size) => {
    // Since Node 22.15; the types of Node 20 do not know it.
    const decompress = (zlib as { readonly zstdDecompressSync?: typeof zlib.gunzipSync }).zstdDecompressSync;
    if (decompress !== undefined) return decompress(input, { maxOutputLength: Math.max(size, 1) });
    throw new FormatError("The Parquet file is compressed with Zstandard", {
      expected: "Node 22.15 or later for Zstandard",
      found: `Node ${process.versions.node}`,
      hint: "Write it again with Snappy compression, or save the vectors as .npy.",
    });
  },
};

function forgedPage(compressed: number, size: number): FormatError {
  return new FormatError("The Parquet file is damaged or forged", {
    found: `a page of ${compressed} bytes that claims to hold ${size}`,
  });
}
