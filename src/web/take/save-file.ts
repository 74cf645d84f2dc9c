/** Milliseconds for which the browser may read the file. */
const READ = 60_000;

/** Hands a file to the browser, to be saved where it saves files. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ);
}

/** Without what file systems refuse. */
export function safeFileName(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Surrogate}/\\:*?"<>|]+/gu, "_").trim();
  return safe.replace(/^\.+/, "_").slice(-120) || "concepts";
}
