// The explorer's panels, search and picture dialog, over the real server and a real model.
import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiModel } from "../../src/core/explorer/api.ts";
import { ConceptModel } from "../../src/node/concept-model.ts";
import { type Explorer, startExplorer } from "../../src/node/server/start-explorer.ts";
import { findChromium } from "../support/chromium.ts";
import { groupedVectors } from "../support/collections.ts";
import { temporaryFolder } from "../support/command.ts";
import { ExplorerClient, fitShownModel, MARKUP_NAME, type ShownModel } from "../support/explorer.ts";
import { axeFindings, BUILT_PAGE, openPage } from "../support/explorer-page.ts";

const launch = await findChromium();
const folder = temporaryFolder("explorer-panels");

describe.skipIf(launch === null)("the explorer's page", () => {
  let browser: Browser;
  let shown: ShownModel;
  let explorer: Explorer;
  let model: ApiModel;

  beforeAll(async () => {
    browser = await chromium.launch(launch!);
    shown = await fitShownModel(folder);
    explorer = await startExplorer(shown.model, { port: 0, page: BUILT_PAGE, cache: shown.cache });
    model = await new ExplorerClient(explorer).model();
  });

  afterAll(async () => {
    await browser?.close();
    await explorer?.close();
  });

  const open = (options = {}) => openPage(browser, explorer.address, options);
  const card = (page: Page, id: number) => page.locator(`.concept-card:has([data-concept="${id}"])`);
  const headline = (page: Page) => page.locator(".results-head h2");
  const search = async (page: Page, query: string): Promise<void> => {
    await page.fill("#search", query);
    await page.waitForSelector(".results[aria-busy=false]");
  };

  describe("concepts", () => {
    it("says in a sentence what is there, and shows a card for each concept and for the pictures in none", async () => {
      const { page, faults } = await open();
      expect(await page.locator(".top-bar h1").textContent()).toBe(model.name);
      expect(await page.locator(".model-summary p").textContent()).toContain(
        `160 pictures in ${model.concepts.length} concepts`,
      );
      expect(await page.title()).toBe(model.name);
      const names = await page.locator(".concept-card-name").allTextContents();
      expect(names[0]).toBe(model.concepts[0]!.name.replace("unclear: ", ""));
      const loaded = page.locator(
        ".concept-card img.thumbnail[data-state=there], .concept-card span.thumbnail",
      );
      await loaded.first().waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("lights a concept that is pointed at, opens one that is pressed, and closes it by Escape", async () => {
      const { page, faults } = await open();
      const { id, words, size } = model.concepts[1]!;
      await card(page, id).hover();
      await page.waitForSelector(`.concept-card[data-hovered]:has([data-concept="${id}"])`);
      await card(page, id).locator(".concept-card-main").click();
      await page.waitForSelector(`[data-concept="${id}"][aria-expanded=true]`);
      expect(await card(page, id).locator(".concept-words tbody th").allTextContents()).toEqual(
        words.map(({ word }) => word),
      );
      const tiles = card(page, id).locator(".picture-tile");
      expect(await tiles.count()).toBe(Math.min(15, size));
      const rows = await tiles
        .locator("[data-row]")
        .evaluateAll((found) => found.map((tile) => Number((tile as HTMLElement).dataset["row"])));
      expect(rows.slice(0, 3)).toEqual(model.concepts[1]!.exemplars.slice(0, 3));
      const more = card(page, id).locator(".concept-pictures > .button");
      if ((await more.count()) > 0) {
        await more.click();
        expect(await tiles.count()).toBe(Math.min(75, size));
      }
      await page.keyboard.press("Escape");
      await page.waitForSelector(`[data-concept="${id}"][aria-expanded=false]`);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("brings a card that opens near the lower edge to where its words are seen", async () => {
      const { page } = await open();
      await page.evaluate(() => {
        document.querySelector(".concept-list")!.scrollTop = 1e6;
      });
      const last = page.locator(".concept-card-main").last();
      await last.click();
      await page.waitForFunction(() => {
        const words = document.querySelector("[data-focused] .concept-details")?.getBoundingClientRect();
        const list = document.querySelector(".concept-list")!.getBoundingClientRect();
        return words !== undefined && words.top < list.bottom - 100;
      });
      await page.context().close();
    });

    it("puts them in order and narrows them, and says so when none is left", async () => {
      const { page } = await open();
      await page.selectOption(".concept-sort", "name");
      const names = await page.locator(".concept-card-name").allTextContents();
      const concepts = names.filter((name) => name !== "In no concept");
      expect(concepts).toEqual([...concepts].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
      await page.fill(".concept-filter input", "zzzz");
      expect(await page.locator(".panel-empty p").textContent()).toBe("No concept is called “zzzz”.");
      await page.click(".panel-empty button");
      await page.waitForSelector(".concept-card");
      await page.context().close();
    });

    it("shows groups of concepts as a tree that keys walk through", async () => {
      const { page, faults } = await open();
      await page.click("#tab-tree");
      const first = page.locator(".tree-item").first();
      await first.waitFor();
      const lines = page.locator(".tree-item");
      const before = await lines.count();
      await first.focus();
      if ((await first.getAttribute("aria-expanded")) !== null) {
        await page.keyboard.press("ArrowLeft");
        expect(await first.getAttribute("aria-expanded")).toBe("false");
        expect(await lines.count()).toBeLessThan(before);
        await page.keyboard.press("ArrowRight");
      }
      await page.keyboard.press("End");
      expect(await page.locator(".tree-item:focus").getAttribute("data-key")).toBe(
        await lines.last().getAttribute("data-key"),
      );
      const leaf = page.locator(".tree-item:not([aria-expanded])").first();
      const name = await leaf.locator(".tree-item-name").textContent();
      await leaf.focus();
      await page.keyboard.press("Enter");
      expect(await page.locator("[data-focused] .concept-card-name").textContent()).toBe(name);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });

  describe("search", () => {
    it("finds concepts and pictures by a word as it is typed, and opens a found concept", async () => {
      const { page, faults } = await open();
      await page.keyboard.press("/");
      await page.keyboard.type("flag");
      await page.waitForSelector(".results .picture-tile");
      expect(await headline(page).textContent()).toMatch(/^(\d+ concepts?, )?\d+ pictures?$/);
      await page.locator(".results .picture-tile").first().hover();
      await page.waitForSelector(".results .picture-tile-open[data-hovered]");
      const found = page.locator(".concept-result").first();
      const name = await found.locator(".concept-chip-name").textContent();
      await found.click();
      expect(await page.locator("[data-focused] .concept-card-name").textContent()).toBe(name);
      await page.locator("#search").focus();
      await page.keyboard.press("Escape");
      await page.waitForSelector(".results", { state: "detached" });
      expect(await page.inputValue("#search")).toBe("");
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("finds the very picture that is dropped anywhere on the page", async () => {
      const { page, faults } = await open();
      const file = path.join(shown.photos, "apple.png");
      await page.evaluate(
        ([bytes, name]) => {
          const data = new DataTransfer();
          const content = Uint8Array.from(atob(bytes!), (char) => char.charCodeAt(0));
          data.items.add(new File([content], name!, { type: "image/png" }));
          const options = { dataTransfer: data, bubbles: true, cancelable: true };
          document.querySelector(".stage")!.dispatchEvent(new DragEvent("dragover", options));
          document.querySelector(".stage")!.dispatchEvent(new DragEvent("drop", options));
        },
        [readFileSync(file).toString("base64"), "apple.png"],
      );
      await page.locator(".results .picture-tile-open").first().click();
      expect(await page.locator(".picture-path code").textContent()).toBe("apple.png");
      await page.click(".picture-close");
      await page.click(".search-picture button");
      await page.waitForSelector(".results", { state: "detached" });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("finds the picture that is pasted from the clipboard, also into the search box", async () => {
      const { page, faults } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
      const bytes = readFileSync(path.join(shown.photos, "apple.png")).toString("base64");
      await page.evaluate(async (encoded) => {
        const content = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
        const picture = new Blob([content], { type: "image/png" });
        await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
      }, bytes);
      for (const place of [".map", "#search"]) {
        await page.locator(place).focus();
        await page.keyboard.press("Control+v");
        await page.locator(".search-picture img").waitFor();
        await page.locator(".results .picture-tile-open").first().click();
        expect(await page.locator(".picture-path code").textContent()).toBe("apple.png");
        await page.click(".picture-close");
        await page.click(".results-head [aria-label='Close the results']");
        await page.waitForSelector(".results", { state: "detached" });
      }
      expect(await page.inputValue("#search")).toBe("");
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("leaves words that are pasted to the field that they are pasted into", async () => {
      const { page } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
      await page.evaluate(() => navigator.clipboard.writeText("flag"));
      await page.locator("#search").focus();
      await page.keyboard.press("Control+v");
      await page.waitForSelector(".results .picture-tile");
      expect(await page.inputValue("#search")).toBe("flag");
      expect(await page.locator(".search-picture").count()).toBe(0);
      await page.context().close();
    });

    it("takes a chosen file together with words", async () => {
      const { page } = await open();
      await page.setInputFiles(".search-box input[type=file]", path.join(shown.photos, "apple.png"));
      await page.waitForSelector(".results .picture-tile");
      await page.fill("#search", "-fruit");
      await page.waitForSelector(".results[aria-busy=false]");
      expect(await page.locator(".search-picture img").count()).toBe(1);
      await page.context().close();
    });

    it("says that a file is no picture", async () => {
      const { page } = await open();
      await page.setInputFiles(".search-box input[type=file]", {
        name: "fake.png",
        mimeType: "image/png",
        buffer: Buffer.from("no picture at all"),
      });
      await page.waitForFunction(() =>
        document.querySelector(".results-head h2")?.textContent?.startsWith("This cannot"),
      );
      expect((await page.locator(".results-note").textContent())!.length).toBeGreaterThan(10);
      await page.context().close();
    });

    it("says that nothing matches, which words it does not know, and words that do match", async () => {
      const { page } = await open();
      await search(page, "xqzzyq");
      expect(await headline(page).textContent()).toBe("Nothing matches");
      expect(await page.locator(".results-note").textContent()).toContain("does not know “xqzzyq”");
      expect(await page.locator(".results .picture-tile").count()).toBe(0);
      const suggestion = page.locator(".no-results .chip").first();
      const word = await suggestion.textContent();
      await suggestion.click();
      expect(await page.inputValue("#search")).toBe(word);
      await page.waitForSelector(".results .picture-tile");
      await page.context().close();
    });

    it("shows the last answer until the next one comes, and never one that is overtaken", async () => {
      const { page } = await open();
      await search(page, "flag");
      const flags = await headline(page).textContent();
      await page.route("**/api/search", async (route) => {
        const isSlow = route.request().postData()!.includes("food");
        if (isSlow) await new Promise((resolve) => setTimeout(resolve, 1500));
        // The page may have given up asking.
        await route.continue().catch(() => undefined);
      });
      await page.fill("#search", "food");
      await page.waitForSelector(".results[aria-busy=true]");
      await page.waitForTimeout(400);
      expect(await headline(page).textContent()).toBe(flags);
      await search(page, "xqzzyq");
      expect(await headline(page).textContent()).toBe("Nothing matches");
      await page.waitForTimeout(2000);
      expect(await headline(page).textContent()).toBe("Nothing matches");
      await page.context().close();
    });

    it("selects what it found", async () => {
      const { page } = await open();
      await search(page, "flag");
      const found = /(\d+) pictures?$/.exec((await headline(page).textContent())!)![1];
      await page.click(".results-select");
      await page.waitForFunction(
        (count) => document.querySelector(".stage-selection")?.textContent?.includes(`${count} picture`),
        found,
      );
      await page.context().close();
    });

    it("finds more like a picture", async () => {
      const { page } = await open();
      await search(page, "flag");
      await page.locator(".results .picture-tile").first().hover();
      await page.locator(".picture-tile-similar").first().click();
      await page.waitForSelector(".search-picture .thumbnail");
      await page.waitForSelector(".results[aria-busy=false]");
      expect(await page.inputValue("#search")).toBe("");
      await page.context().close();
    });
  });

  describe("the picture dialog", () => {
    it("shows facts and neighbours, goes through the list by arrows, and gives the focus back", async () => {
      const { page, faults } = await open();
      await search(page, "flag");
      const tiles = page.locator(".results .picture-tile-open");
      const rows = await tiles.evaluateAll((all) => all.map((tile) => (tile as HTMLElement).dataset["row"]!));
      await tiles.nth(1).click();
      await page.waitForSelector(".picture-image[data-state=there]");
      expect(await page.locator(".picture-place").textContent()).toMatch(/^2 of \d/);
      await page.waitForSelector(".picture-neighbours li button");
      expect(await page.locator(".picture-neighbours li button").count()).toBe(12);
      const path2 = await page.locator(".picture-path code").textContent();
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction((text) => {
        const now = document.querySelector(".picture-path code")?.textContent;
        return now !== undefined && now !== text;
      }, path2);
      expect(await page.locator(".picture-place").textContent()).toMatch(/^3 of \d/);
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction(
        (text) => document.querySelector(".picture-path code")?.textContent === text,
        path2,
      );
      const near = page.locator(".picture-neighbours li button").first();
      await near.click();
      await page.waitForFunction(
        (text) => (document.querySelector(".picture-path code")?.textContent ?? text) !== text,
        path2,
      );
      await page.keyboard.press("Escape");
      await page.waitForSelector(".picture-dialog[open]", { state: "detached" });
      expect(await page.locator(":focus").getAttribute("data-row")).toBe(rows[1]);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("takes one to the picture's concept, to similar pictures, and to its place on the map", async () => {
      const { page } = await open();
      await search(page, "flag");
      const first = page.locator(".results .picture-tile-open").first();
      await first.click();
      await page.click(".picture-concept button");
      await page.waitForSelector(".picture-dialog[open]", { state: "detached" });
      await page.waitForSelector("[data-focused] .concept-card-main");
      await first.click();
      await page.click(".picture-actions button:has-text('Show on map')");
      await page.waitForSelector(".picture-dialog[open]", { state: "detached" });
      await first.click();
      await page.click(".picture-actions button:has-text('Find similar')");
      await page.waitForSelector(".search-picture");
      await page.context().close();
    });

    it("shows names from strangers as text", async () => {
      const { page, faults } = await open();
      let asked = false;
      page.on("dialog", (dialog) => {
        asked = true;
        void dialog.dismiss();
      });
      const client = new ExplorerClient(explorer);
      const row = await rowCalled(client, MARKUP_NAME);
      await page.setInputFiles(".search-box input[type=file]", path.join(shown.photos, MARKUP_NAME));
      await page.locator(`.results [data-row="${row}"]`).click();
      await page.waitForSelector(".picture-path code");
      expect(await page.locator(".picture-path code").textContent()).toBe(MARKUP_NAME);
      expect(await page.locator(".picture-dialog img[src=x]").count()).toBe(0);
      expect(asked).toBe(false);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("says that a picture has gone, and still knows what was known of it", async () => {
      const { page, faults } = await open();
      const file = path.join(shown.photos, "banana.png");
      renameSync(file, `${file}.away`);
      try {
        const row = await rowCalled(new ExplorerClient(explorer), "banana.png");
        await page.setInputFiles(".search-box input[type=file]", `${file}.away`);
        await page.locator(`.results [data-row="${row}"]`).click();
        await page.waitForSelector(".picture-gone");
        expect(await page.locator(".picture-facts .callout").textContent()).toContain("not there any more");
        expect(await page.locator(".picture-captions").textContent()).toContain("banana");
        expect(faults).toEqual([]);
      } finally {
        renameSync(`${file}.away`, file);
        await page.context().close();
      }
    });
  });

  describe("for everybody", () => {
    it("can be used by keys alone", async () => {
      const { page } = await open();
      const ids = model.concepts.map(({ id }) => id);
      await page.locator(".concept-card-main").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(
        (id) => (document.activeElement as HTMLElement).dataset["concept"] === String(id),
        ids[1],
      );
      await page.keyboard.press("Enter");
      await page.waitForSelector(`[data-concept="${ids[1]}"][aria-expanded=true]`);
      // Tab goes on to the menu of the card, then to its pictures.
      for (let i = 0; i < 6; i++) {
        await page.keyboard.press("Tab");
        if ((await page.locator(".picture-tile-open:focus").count()) > 0) break;
      }
      await page.keyboard.press("Enter");
      await page.waitForSelector(".picture-dialog[open]");
      await page.keyboard.press("Escape");
      expect(await page.locator(".picture-tile-open:focus").count()).toBe(1);
      await page.context().close();
    });

    it("fits on a phone, with panels as a sheet", async () => {
      const { page, faults } = await open({ viewport: { width: 400, height: 800 }, hasTouch: true });
      const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      const height = async () => (await page.locator(".side-panel").boundingBox())!.height;
      expect(await isWide()).toBe(false);
      const before = await height();
      await page.locator(".side-panel .sheet-handle").tap();
      await page.waitForFunction(
        (low) => document.querySelector(".side-panel")!.clientHeight > low + 100,
        before,
      );
      await page.locator(".concept-card-main").first().tap();
      await page.waitForSelector("[data-focused]");
      await page.locator("#search").tap();
      await search(page, "flag");
      expect(await isWide()).toBe(false);
      await page.locator(".results .picture-tile-open").first().tap();
      await page.waitForSelector(".picture-dialog[open] .picture-neighbours button");
      expect(await isWide()).toBe(false);
      await page.locator(".picture-close").tap();
      await page.locator(".results-head .icon-button").tap();
      await page.waitForSelector(".results", { state: "detached" });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    it("keeps the theme that was chosen, and follows the system otherwise", async () => {
      const { page } = await open({ colorScheme: "dark" });
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(await ground()).toBe("rgb(16, 17, 19)");
      await page.click("[aria-label^='Colours:']");
      expect(await ground()).toBe("rgb(250, 250, 248)");
      await page.reload();
      await page.waitForSelector(".explorer[aria-busy=false]");
      expect(await ground()).toBe("rgb(250, 250, 248)");
      await page.context().close();
    });

    it.each([
      "light",
      "dark",
    ] as const)("has no serious findings of axe in the %s theme", async (colorScheme) => {
      const { page } = await open({ colorScheme, reducedMotion: "reduce" });
      expect(await axeFindings(page)).toEqual([]);
      await page.locator(".concept-card-main").first().click();
      await page.waitForSelector("[data-focused]");
      expect(await axeFindings(page)).toEqual([]);
      await page.click("#tab-tree");
      await page.waitForSelector(".tree-item");
      await search(page, "flag");
      expect(await axeFindings(page)).toEqual([]);
      await search(page, "xqzzyq");
      expect(await axeFindings(page)).toEqual([]);
      await search(page, "flag");
      await page.locator(".results .picture-tile-open").first().click();
      await page.waitForSelector(".picture-neighbours li button");
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    });

    it("says how to read the map, once", async () => {
      const { page } = await open();
      await page.click(".first-hint button");
      await page.waitForSelector(".first-hint", { state: "detached" });
      await page.reload();
      await page.waitForSelector(".explorer[aria-busy=false] .concept-card");
      expect(await page.locator(".first-hint").count()).toBe(0);
      await page.context().close();
    });

    it("keeps panel and map beside each other at 200 % in a window of 1280 by 800", async () => {
      const { page } = await open({ viewport: { width: 640, height: 400 } });
      const panel = (await page.locator(".side-panel").boundingBox())!;
      const stage = (await page.locator(".stage").boundingBox())!;
      expect(stage.x).toBeGreaterThanOrEqual(panel.x + panel.width);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await search(page, "flag");
      await page.locator(".results .picture-tile-open").first().click();
      await page.waitForSelector(".picture-neighbours li button");
      await page.context().close();
    });

    it("has no serious findings of axe on a phone", async () => {
      const { page } = await open({ viewport: { width: 400, height: 800 }, hasTouch: true });
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    });
  });

  it("asks nobody but its own server", async () => {
    const { page } = await open();
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(new URL(request.url()).host));
    await page.reload();
    await page.waitForSelector(".concept-card .thumbnail");
    await search(page, "flag");
    expect([...asked].filter((host) => host !== "")).toEqual([`127.0.0.1:${explorer.port}`]);
    await page.context().close();
  });

  it("says that the server has gone, and goes on when it is back", async () => {
    const first = await startExplorer(shown.model, { port: 0, page: BUILT_PAGE, cache: shown.cache });
    const { page } = await openPage(browser, first.address);
    await first.close();
    await page.waitForSelector(".stage-trouble");
    await search(page, "flag");
    expect(await headline(page).textContent()).toBe("This cannot be searched for");
    const second = await startExplorer(shown.model, {
      port: first.port,
      page: BUILT_PAGE,
      cache: shown.cache,
    });
    try {
      await page.waitForSelector(".stage-trouble", { state: "detached", timeout: 30_000 });
      await search(page, "flags");
      await page.waitForSelector(".results .picture-tile");
    } finally {
      await page.context().close();
      await second.close();
    }
  });

  it("shows nothing but the error once the rest of the model turns out to be damaged", async () => {
    const damaged = path.join(folder, "damaged.concept");
    cpSync(shown.model, damaged, { recursive: true });
    const vectors = path.join(damaged, "vectors/images.npy");
    writeFileSync(vectors, readFileSync(vectors).reverse());
    const other = await startExplorer(damaged, { port: 0, page: BUILT_PAGE });
    try {
      const page = await browser.newPage();
      await page.goto(other.address);
      await page.waitForSelector(".failure");
      expect(await page.textContent(".failure h1")).toContain("vectors/images.npy");
      expect(await page.locator(".explorer").count()).toBe(0);
      expect(await axeFindings(page)).toEqual([]);
      await page.reload();
      await page.waitForSelector(".failure");
      expect(await page.textContent(".failure h1")).toContain("vectors/images.npy");
      await page.close();
    } finally {
      await other.close();
    }
  });

  it("shows a model without pictures in files and without words", async () => {
    const { vectors } = groupedVectors({ groups: 3, perGroup: 30 });
    const fitted = new ConceptModel({ minConceptSize: 10 });
    const paths = Array.from({ length: vectors.rows }, (_, row) => `row ${row}`);
    await fitted.fit(paths, { imageEmbeddings: vectors, docs: [] });
    const bare = path.join(folder, "bare.concept");
    await fitted.save(bare);
    await fitted.close();
    const other = await startExplorer(bare, { port: 0, page: BUILT_PAGE });
    try {
      const { page, faults } = await openPage(browser, other.address);
      await page.waitForSelector(".concept-card");
      expect(await page.locator("#search").isDisabled()).toBe(true);
      await page.locator(".concept-card-main").first().click();
      await page.locator("[data-focused] .picture-tile-open").first().click();
      await page.waitForSelector(".picture-path code");
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    } finally {
      await other.close();
    }
  });
});

async function rowCalled(client: ExplorerClient, name: string): Promise<number> {
  const { images } = await client.model();
  for (let row = 0; row < images; row++) {
    if ((await client.json<{ path: string }>(`/api/images/${row}`)).path === name) return row;
  }
  throw new Error(`no picture is called ${name}`);
}
