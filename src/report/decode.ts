/** The bytes that a base64 text stands for. */
function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer;
}

export function uint16(text: string): Uint16Array {
  return new Uint16Array(bytes(text));
}

export function uint32(text: string): Uint32Array {
  return new Uint32Array(bytes(text));
}
