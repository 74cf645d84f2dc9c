import { existsSync } from "node:fs";
import type { LaunchOptions } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

/**
 * A Chromium for browser tests: $CHROMIUM, else the system's, else (on Linux x64) the one an npm package
 * carries. Null, after saying loudly how to get one, where there is none: browser tests are then skipped.
 */
export async function findChromium(): Promise<LaunchOptions | null> {
  const place = [process.env["CHROMIUM"], ...PLACES].find((file) => file !== undefined && existsSync(file));
  if (place !== undefined) return { executablePath: place, args: QUIET };
  const carried = process.platform === "linux" && process.arch === "x64" ? await carriedChromium() : null;
  if (carried === null) {
    console.warn(
      "\n*** BROWSER TESTS SKIPPED: no Chromium found. Get it with `apt-get install chromium`, or set CHROMIUM=/path/to/chromium. ***\n",
    );
  }
  return carried;
}

async function carriedChromium(): Promise<LaunchOptions | null> {
  try {
    // Makes the package unpack the system libraries that a bare machine lacks, too.
    process.env["VERCEL"] ??= "1";
    const { default: chromium } = await import("@sparticuz/chromium");
    return { executablePath: await chromium.executablePath(), args: [...chromium.args, ...QUIET] };
  } catch {
    return null;
  }
}
