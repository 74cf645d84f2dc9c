/**
 * The part of a file that a `Range` header asks for (RFC 9110, section 14): one range of bytes; several are answered with the whole
 * file, as are headers that cannot be read.
 */
export function byteRange(
  header: string | null,
  size: number,
): { readonly start: number; readonly end: number } | "unsatisfiable" | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return null;
  if (found[1] === "") {
    const last = Number(found[2]);
    return last === 0 || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - last), end: size - 1 };
  }
  const start = Number(found[1]);
  const end = found[2] === "" ? size - 1 : Math.min(size - 1, Number(found[2]));
  if (start >= size) return "unsatisfiable";
  return end < start ? null : { start, end };
}
