import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is, or null after saying loudly how to get it: browser tests are then skipped. */
export function findChromium(): string | null {
  const place = [process.env["CHROMIUM"], ...PLACES].find((file) => file !== undefined && existsSync(file));
  if (place !== undefined) return place;
  console.warn(
    "\n*** BROWSER TESTS SKIPPED: no Chromium found. Get it with `apt-get install chromium`, or set CHROMIUM=/path/to/chromium. ***\n",
  );
  return null;
}
