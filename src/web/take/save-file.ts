/** Milliseconds for which the browser may read the file. */
const READ = 60_000;

/** Hands a file to the browser, to be saved where it saves files. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  saveAddress(address, safeFileName(name));
  setTimeout(() => URL.revokeObjectURL(address), READ);
}

/**
 * Has the browser save what is at an address, without the page having it in memory.
 *
 * @param name default as the server calls it
 */
export function saveAddress(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  // Even without a name it keeps the browser from leaving the page for an answer that is an error.
  link.download = name;
  link.click();
}

/** Without what file systems refuse. */
export function safeFileName(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Surrogate}/\\:*?"<>|]+/gu, "_").trim();
  return safe.replace(/^\.+/, "_").slice(-120) || "concepts";
}
