import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../support/chromium.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

const folder = temporaryFolder("report");
const file = (name: string): string => path.join(folder, name);
const NASTY = "<img src=x onerror=document.title='run'>.png";
const launch = await findChromium();

beforeAll(async () => {
  const emoji = emojiOf("google").filter((_, i) => i % 6 === 0);
  const pictures = layOutEmoji(file("emoji"), emoji, "google");
  mkdirSync(file("emoji"), { recursive: true });
  copyFileSync(pictures[0]!, path.join(file("emoji"), NASTY));
  writeFileSync(
    file("words.txt"),
    "flag\nface\nfood\nanimal\n</script><script>document.title='run'</script>\n",
  );
  const options = ["--model", "mini", "--vocabulary", file("words.txt"), "--cache", file("cache")];
  const run = await concept(["fit", file("emoji"), "-o", file("e.concept"), ...options, "--min-size", "8"]);
  expect(run.code).toBe(0);
}, 60_000);

describe("concept report", () => {
  it("writes one file that asks for nothing from anywhere", async () => {
    const run = await concept(["report", file("e.concept"), "-o", file("r.html"), "--json"]);
    expect(run.code).toBe(0);
    const html = readFileSync(file("r.html"), "utf8");
    expect(JSON.parse(run.stdout)).toMatchObject({ bytes: Buffer.byteLength(html), missing: [] });
    expect(html).not.toMatch(/(src|href)=["']?https?:/);
    expect(html.match(/<script/g)).toHaveLength(2);
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(html)!;
    expect(policy).toMatch(
      /default-src 'none'; img-src data:; style-src 'sha256-[^']+'; script-src 'sha256-[^']+';/,
    );
    expect(readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  it("has the map the way up that the explorer and the collage have it: it was upside down", async () => {
    const html = readFileSync(file("r.html"), "utf8");
    const [, json] = /<script[^>]*type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(html)!;
    const { places } = JSON.parse(json!) as { places: string };
    const grid = new Uint16Array(Uint8Array.from(Buffer.from(places, "base64")).buffer);
    const { stdout } = await concept(["export", file("e.concept"), "--to", "json"]);
    const { images } = JSON.parse(stdout) as { images: { x: number; y: number }[] };
    const rowOf = (isBefore: (a: number, b: number) => boolean, axis: "x" | "y"): number =>
      images.reduce((best, image, row) => (isBefore(image[axis], images[best]![axis]) ? row : best), 0);
    const downs = grid.filter((_, at) => at % 2 === 1);
    const acrosses = grid.filter((_, at) => at % 2 === 0);
    expect(downs[rowOf((a, b) => a > b, "y")]).toBe(Math.min(...downs));
    expect(acrosses[rowOf((a, b) => a < b, "x")]).toBe(Math.min(...acrosses));
  });

  it("lists pictures that are gone, and refuses where all are", async () => {
    const [first] = readdirSync(file("emoji"));
    const kept = readFileSync(path.join(file("emoji"), first!));
    rmSync(path.join(file("emoji"), first!));
    const some = await concept(["report", file("e.concept"), "-o", file("gone.html")]);
    writeFileSync(path.join(file("emoji"), first!), kept);
    expect(some.stderr).toContain("1 file was skipped");
    const none = await concept([
      "report",
      file("e.concept"),
      "-o",
      file("none.html"),
      "--root",
      file("cache"),
    ]);
    expect([none.code, readdirSync(folder).includes("none.html")]).toEqual([1, false]);
    expect(none.stderr).toContain("None of the pictures could be read");
  });

  it("is wrong usage without a page to write", async () => {
    expect((await concept(["report", file("e.concept")])).code).toBe(2);
    expect((await concept(["report", file("e.concept"), "-o", "r.pdf"])).code).toBe(2);
  });
});

describe.skipIf(launch === null)("a report in Chromium, from disk and offline", () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch(launch!);
    const context = await browser.newContext({ offline: true });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => problems.push(message.text()));
    await page.goto(pathToFileURL(file("r.html")).href);
  }, 30_000);
  afterAll(() => browser?.close());

  it("shows concepts and answers words, known and unknown", async () => {
    const all = await page.locator(".card").count();
    expect(all).toBeGreaterThan(2);
    await page.fill(".search", "flag");
    expect(await page.locator(".card").first().innerText()).toContain("flag");
    expect(await page.locator(".card").count()).toBeLessThan(all);
    expect(await page.locator(".status").innerText()).toMatch(/best pictures/);
    await page.fill(".search", "xylophone quartet");
    expect(await page.locator(".status").innerText()).toMatch(/is not among the 5 words/);
    await page.keyboard.press("Escape");
    expect(await page.locator(".card").count()).toBe(all);
  });

  it("changes the map for a chosen concept, and shows a clicked picture's path", async () => {
    const pixels = () => page.locator(".map").evaluate((map: HTMLCanvasElement) => map.toDataURL());
    await page.waitForTimeout(300);
    const before = await pixels();
    await page.locator(".card").first().click();
    expect(await page.locator('.card[aria-pressed="true"]').count()).toBe(1);
    await expect.poll(pixels).not.toBe(before);
    await page.keyboard.press("Escape");
    await page.locator(".map").focus();
    await page.keyboard.press("0");
    const { width, height } = (await page.locator(".map").boundingBox())!;
    for (let x = 0.1; x < 0.95 && !(await page.locator(".detail").isVisible()); x += 0.04) {
      await page.locator(".map").click({ position: { x: x * width, y: height / 2 } });
    }
    expect(await page.locator(".path").innerText()).toMatch(/\.png$/);
  });

  it("fits a phone: nothing is cut off, and what is pressed is large enough for a finger", async () => {
    const context = await browser.newContext({
      offline: true,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const phone = await context.newPage();
    await phone.goto(pathToFileURL(file("r.html")).href);
    await phone.locator(".card").first().waitFor();
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const map = (await phone.locator(".map").boundingBox())!;
    expect([map.width >= 380, map.height >= 250]).toEqual([true, true]);
    for (const pressed of [".search", ".card >> nth=0"]) {
      expect((await phone.locator(pressed).boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    await phone.locator(".card").first().tap();
    expect(await phone.locator('.card[aria-pressed="true"]').count()).toBe(1);
    await context.close();
  });

  it("runs nothing that names or words say", async () => {
    expect(await page.title()).toBe("Concepts");
    expect(await page.locator("img").count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
