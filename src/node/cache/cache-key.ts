import { createHash } from "node:crypto";

/** Bytes of a key: a SHA-256. */
export const KEY_BYTES = 32;

/**
 * Key of a picture's vector: SHA-256 of `"image" NUL decoder NUL` and the SHA-256 of the file. The first word
 * keeps pictures and texts apart, whatever they hold; the decoder is part of it because other pixels give
 * another vector.
 *
 * @param contentHash SHA-256 of the file's bytes, as 64 hexadecimal digits
 * @param decoderId what made the pixels, e.g. `SharpDecoder.id`; without NUL
 */
export function imageKey(contentHash: string, decoderId: string): Uint8Array {
  return createHash("sha256").update(`image\0${decoderId}\0`).update(contentHash, "hex").digest();
}

/** Key of a text's vector: SHA-256 of `"text" NUL` and the UTF-8 text, as the model gets it (template filled). */
export function textKey(text: string): Uint8Array {
  return createHash("sha256").update("text\0").update(text, "utf8").digest();
}
