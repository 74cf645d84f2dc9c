// The map of the explorer, on a real model, by the real server, in a real Chromium.
import { readFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiImage, ApiModel } from "../../src/core/explorer/api.ts";
import { escapeXml } from "../../src/core/view/escape-xml.ts";
import type { Explorer } from "../../src/node/server/start-explorer.ts";
import { fit, toScreen } from "../../src/web/map/camera.ts";
import { PlaceIndex } from "../../src/web/map/place-index.ts";
import type { View } from "../../src/web/state/store.ts";
import { findChromium } from "../support/chromium.ts";
import { temporaryFolder } from "../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer } from "../support/explorer.ts";
import { type Box, SeenPixels } from "../support/seen-pixels.ts";

const launch = await findChromium();
// WebGL 2 without a graphics card.
const SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

interface OpenMap {
  readonly page: Page;
  /** Of the map on the page. */
  readonly box: Box;
  readonly errors: string[];
}

/** The middle between the two numbers that lie farthest apart. */
function widestGap(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  let widest = 1;
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at]! - sorted[at - 1]! > sorted[widest]! - sorted[widest - 1]!) widest = at;
  }
  return (sorted[widest]! + sorted[widest - 1]!) / 2;
}

describe.skipIf(launch === null)("the map in Chromium", () => {
  let explorer: Explorer;
  let client: ExplorerClient;
  let model: ApiModel;
  let places: Float32Array;
  let groups: Int32Array;
  let browser: Browser;

  beforeAll(async () => {
    const shown = await fitShownModel(temporaryFolder("map"));
    explorer = await openExplorer(shown.model);
    client = new ExplorerClient(explorer);
    model = await client.model();
    places = new Float32Array(await (await client.get("/api/points/map")).arrayBuffer());
    groups = new Int32Array(await (await client.get("/api/points/concepts")).arrayBuffer());
    browser = await chromium.launch({ ...launch!, args: [...(launch!.args ?? []), ...SOFTWARE] });
  });

  afterAll(() => browser?.close());

  async function openMap(from: Browser = browser, options: BrowserContextOptions = {}): Promise<OpenMap> {
    const context = await from.newContext({
      viewport: { width: 1200, height: 800 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(explorer.address);
    await page.locator(".map canvas").waitFor();
    // It lies over pictures.
    await page.locator(".first-hint button").click();
    const box = (await page.locator(".map").boundingBox())!;
    await expect.poll(async () => (await SeenPixels.of(page, box)).colored).toBeGreaterThan(100);
    return { page, box, errors };
  }

  /** The view that the map begins with. */
  function firstView({ width, height }: Box): View {
    const index = new PlaceIndex(places);
    const padding = Math.min(56, width / 8, height / 8);
    return fit(index.bounds, { width, height }, { padding, closest: Math.log2(64 / index.spacing()) });
  }

  const placeOf = (row: number) => ({ x: places[2 * row]!, y: places[2 * row + 1]! });

  /** The picture with most room around it, of those that are in a concept, and where it is on the page. */
  function lonelyPicture(box: Box): { readonly row: number; readonly x: number; readonly y: number } {
    const view = firstView(box);
    let best = { row: -1, away: 0, x: 0, y: 0 };
    for (let row = 0; row < groups.length; row++) {
      const at = toScreen(view, box, placeOf(row));
      const isFree = at.x > 80 && at.y > 60 && at.y < box.height - 90 && groups[row] !== -1;
      if (!isFree) continue;
      let away = Number.POSITIVE_INFINITY;
      for (let other = 0; other < groups.length; other++) {
        if (other === row) continue;
        const there = toScreen(view, box, placeOf(other));
        away = Math.min(away, Math.hypot(there.x - at.x, there.y - at.y));
      }
      if (away > best.away) best = { row, away, x: at.x, y: at.y };
    }
    return { row: best.row, x: box.x + best.x, y: box.y + best.y };
  }

  const imageOf = (row: number): Promise<ApiImage> => client.json(`/api/images/${row}`);

  it("draws every point where it belongs, in the colour of its concept, and names what there is room for", async () => {
    const { page, box, errors } = await openMap();
    const names = await page.locator(".map-names > span[data-state=shown]").allTextContents();
    await page.locator(".map-names").evaluate((element) => {
      element.style.visibility = "hidden";
    });
    const view = firstView(box);
    const drawnPoints = async (): Promise<number> => {
      const seen = await SeenPixels.of(page, box);
      const ground = seen.at(2, box.height - 2);
      return Array.from(groups.keys()).filter((row) => {
        const at = toScreen(view, box, placeOf(row));
        const color = seen.at(at.x, at.y);
        return color.some((value, channel) => Math.abs(value - ground[channel]!) > 30);
      }).length;
    };
    await expect.poll(drawnPoints, { timeout: 30_000 }).toBe(groups.length);
    expect(names.length).toBeGreaterThan(0);
    const known = model.concepts.map(({ name }) => name);
    for (const name of names) expect(known).toContain(name);
    expect(names).toContain(known[0]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("shows a card of the picture that the pointer rests on, and opens it on a click", async () => {
    const { page, box } = await openMap();
    const { row, x, y } = lonelyPicture(box);
    const { path, concept } = await imageOf(row);
    await page.mouse.move(x + 3, y + 2);
    const card = page.locator(".map-card");
    await card.waitFor();
    const text = await card.innerText();
    expect(text).toContain(path);
    expect(text).toContain(model.concepts.find(({ id }) => id === concept)!.name);
    await page.mouse.click(x + 3, y + 2);
    await page.locator("dialog[open]").waitFor();
    expect(await page.locator("dialog[open]").innerText()).toContain(path);
    await page.close();
  });

  it("shows pictures as one comes closer, and says while some are not shown", async () => {
    const { page, box, errors } = await openMap();
    const { x, y } = lonelyPicture(box);
    const first = (await SeenPixels.of(page, box)).colors;
    await page.mouse.move(x, y);
    for (let step = 0; step < 6; step++) await page.mouse.wheel(0, -100);
    const around = { x: x - 30, y: y - 30, width: 60, height: 60 };
    await expect
      .poll(async () => (await SeenPixels.of(page, box)).colors, { timeout: 60_000 })
      .toBeGreaterThan(2 * first);
    // The place under the pointer has stayed there: a picture is around it now.
    await expect
      .poll(async () => (await SeenPixels.of(page, around)).colors, { timeout: 30_000 })
      .toBeGreaterThan(20);
    const note = page.locator(".map-note");
    const shown = await note.innerText();
    if (shown !== "") expect(shown).toMatch(/^Showing .* pictures here. Come closer for more.$/);
    await page.keyboard.press("Escape");
    expect(errors).toEqual([]);
    await page.close();
  });

  it("selects with a lasso what lies inside; Shift adds, Alt takes away, Escape clears", async () => {
    const { page, box } = await openMap();
    const view = firstView(box);
    const middle = widestGap(Array.from(groups.keys(), (row) => toScreen(view, box, placeOf(row)).x));
    const inLeft = Array.from(groups.keys()).filter(
      (row) => toScreen(view, box, placeOf(row)).x < middle,
    ).length;
    const count = page.locator(".selection-count");
    // Between the buttons and the leftmost picture.
    const beside = 53;
    const drawAround = async (left: number, right: number, key?: "Shift" | "Alt"): Promise<void> => {
      if (key !== undefined) await page.keyboard.down(key);
      const corners = [
        [left, 1],
        [right, 1],
        [right, box.height - 1],
        [left, box.height - 1],
      ] as const;
      await page.mouse.move(box.x + corners[0][0], box.y + corners[0][1]);
      await page.mouse.down();
      for (const [x, y] of corners) await page.mouse.move(box.x + x, box.y + y, { steps: 5 });
      await page.mouse.up();
      if (key !== undefined) await page.keyboard.up(key);
    };
    await page.getByRole("button", { name: /lasso/ }).click();
    await drawAround(beside, middle);
    expect(inLeft).toBeGreaterThan(3);
    await expect.poll(() => count.innerText()).toBe(`${inLeft} pictures`);
    await drawAround(middle, box.width - 1, "Shift");
    await expect.poll(() => count.innerText()).toBe(`${groups.length} pictures`);
    await drawAround(beside, middle, "Alt");
    await expect.poll(() => count.innerText()).toBe(`${groups.length - inLeft} pictures`);
    await page.locator(".map").focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => count.count()).toBe(0);
    await page.close();
  });

  it("goes by keys alone: moves, zooms, shows all, opens what is in the middle", async () => {
    const { page, box } = await openMap();
    const first = await SeenPixels.of(page, box);
    await page.locator(".map").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("+");
    await page.locator(".map-card").waitFor();
    expect((await SeenPixels.of(page, box)).colored).not.toBe(first.colored);
    const path = await page.locator(".map-card-path").innerText();
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    expect(await page.locator("dialog[open]").innerText()).toContain(path.trim());
    await page.keyboard.press("Escape");
    await page.locator(".map").focus();
    await page.keyboard.press("0");
    const view = firstView(box);
    const { row } = lonelyPicture(box);
    const at = toScreen(view, box, placeOf(row));
    await page.mouse.move(box.x + at.x, box.y + at.y);
    await expect.poll(() => page.locator(".map-card-path").innerText()).toContain((await imageOf(row)).path);
    await page.close();
  });

  it("helps back those who have left the map", async () => {
    const { page, box } = await openMap();
    await page.mouse.move(box.x + 300, box.y + 300);
    for (let step = 0; step < 6; step++) {
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 5, box.y + 300, { steps: 3 });
      await page.mouse.up();
      await page.mouse.move(box.x + 100, box.y + 300);
    }
    await page.getByText("No pictures here.").waitFor();
    await page.locator(".map-note").getByRole("button", { name: "Show all" }).click();
    await expect.poll(async () => (await SeenPixels.of(page, box)).colored).toBeGreaterThan(100);
    await page.close();
  });

  it("flies to the heap of a concept, though a tenth of its pictures lie all over the map", async () => {
    const { id } = model.concepts[0]!;
    const inside = Array.from(groups.keys()).filter((row) => groups[row] === id);
    const made = Float32Array.from(places.keys(), (at) => (at % 2 === 0 ? (at >> 1) % 40 : (at >> 1) / 4));
    for (const [i, row] of inside.entries()) {
      if (i % 10 === 0) continue;
      made[2 * row] = 20 + (i % 5) / 10;
      made[2 * row + 1] = 20 + i / 50;
    }
    const context = await browser.newContext({
      viewport: { width: 1200, height: 800 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.route("**/api/points/map", (route) => route.fulfill({ body: Buffer.from(made.buffer) }));
    await page.goto(explorer.address);
    await page.locator(`.concept-card-main[data-concept="${id}"]`).click();
    const viewOf = (): number[] =>
      decodeURIComponent(/at=([^&]*)/.exec(page.url())?.[1] ?? "")
        .split(",")
        .map(Number);
    await expect.poll(() => viewOf()[2], { timeout: 30_000 }).toBeGreaterThan(5.5);
    const [x, y] = viewOf();
    expect(Math.hypot(x! - 20.2, y! - 20.3)).toBeLessThan(1);
    await context.close();
  });

  it("is dark where the system is", async () => {
    const { page, box, errors } = await openMap(browser, { colorScheme: "dark" });
    expect((await SeenPixels.of(page, box)).at(2, box.height - 2)).toEqual([16, 17, 19]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("moves and stretches under fingers, and a tap opens", async () => {
    const { page, box } = await openMap(browser, { hasTouch: true });
    const { row, x, y } = lonelyPicture(box);
    await page.touchscreen.tap(x, y);
    await page.locator("dialog[open]").waitFor();
    expect(await page.locator("dialog[open]").innerText()).toContain((await imageOf(row)).path);
    await page.close();
  });

  it("is saved as PNG and as SVG, with the names that are seen", async () => {
    const { page, box } = await openMap();
    const names = await page.locator(".map-names > span[data-state=shown]").allTextContents();
    const save = async (kind: "PNG" | "SVG"): Promise<Buffer> => {
      await page.getByRole("button", { name: "Share and export" }).click();
      const coming = page.waitForEvent("download");
      await page.getByText(`Save map as ${kind}`).click();
      return readFileSync(await (await coming).path());
    };
    const png = await sharp(await save("PNG"))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(png.info.width).toBe(2 * Math.round(box.width));
    const { row } = lonelyPicture(box);
    const at = toScreen(firstView(box), box, placeOf(row));
    const from = 3 * (Math.round(2 * at.y) * png.info.width + Math.round(2 * at.x));
    const [red, green, blue] = png.data.subarray(from, from + 3);
    expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeGreaterThan(30);
    const svg = (await save("SVG")).toString("utf8");
    for (const name of names) expect(svg).toContain(`>${escapeXml(name)}</text>`);
    expect(svg.match(/h0/g)?.length).toBeGreaterThan(0.8 * groups.length);
    await page.close();
  });

  it("comes back when the graphics card was taken away", async () => {
    const { page, box } = await openMap();
    await page.locator(".map canvas").evaluate((canvas) => {
      canvas.dataset["old"] = "yes";
      (canvas as HTMLCanvasElement).getContext("webgl2")!.getExtension("WEBGL_lose_context")!.loseContext();
    });
    await page.locator(".map canvas:not([data-old])").waitFor();
    await expect.poll(async () => (await SeenPixels.of(page, box)).colored).toBeGreaterThan(100);
    await page.close();
  });

  it("draws points on a plain canvas where there is no WebGL, with names, cards and clicks, and says so", async () => {
    const plain = await chromium.launch({ ...launch!, args: [...(launch!.args ?? []), "--disable-3d-apis"] });
    try {
      const { page, box } = await openMap(plain);
      expect(await page.evaluate(() => document.createElement("canvas").getContext("webgl2"))).toBeNull();
      await page.getByText("This browser has no WebGL 2").waitFor();
      expect(await page.locator(".map-names > span[data-state=shown]").count()).toBeGreaterThan(0);
      const { row, x, y } = lonelyPicture(box);
      const { path } = await imageOf(row);
      const before = (await SeenPixels.of(page, box)).colored;
      await page.mouse.move(x, y);
      await page.locator(".map-card").waitFor();
      expect(await page.locator(".map-card").innerText()).toContain(path);
      await page.mouse.wheel(0, -200);
      await expect.poll(async () => (await SeenPixels.of(page, box)).colored).not.toBe(before);
      await page.mouse.click(x, y);
      await page.locator("dialog[open]").waitFor();
      expect(await page.locator("dialog[open]").innerText()).toContain(path);
    } finally {
      await plain.close();
    }
  });
});
