/** The bytes of an array as they lie in memory: little-endian on everything that Node runs on. */
export function base64({ buffer, byteOffset, byteLength }: Uint16Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
