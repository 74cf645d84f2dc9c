// Shaping, comparing and taking along in the explorer: the built page, the real server, a real model.
import { cpSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { strFromU8, unzipSync } from "fflate";
import { type Browser, type BrowserContext, chromium, type Download, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiColumnValues, ApiModel } from "../../src/core/explorer/api.ts";
import type { Explorer } from "../../src/node/server/start-explorer.ts";
import { findChromium } from "../support/chromium.ts";
import { concept, temporaryFolder } from "../support/command.ts";
import { ExplorerClient, fitShownModel, openExplorer } from "../support/explorer.ts";

const PAGE = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const folder = temporaryFolder("explorer-shape");
const launch = await findChromium();

/** What becomes true, on a busy machine too. */
const soon = <Value>(look: () => Value) => expect.poll(look, { timeout: 30_000 });

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly client: ExplorerClient;
  readonly explorer: Explorer;
  readonly folder: string;
  readonly model: () => Promise<ApiModel>;
}

describe.skipIf(launch === null)("the explorer in Chromium", () => {
  let browser: Browser;
  let fitted: { readonly model: string; readonly cache: string };
  let copies = 0;
  const problems: string[] = [];

  beforeAll(async () => {
    fitted = await fitShownModel(folder);
    browser = await chromium.launch(launch!);
  });
  afterAll(() => browser?.close());

  /** A model of its own, served and shown. */
  async function open(hash = ""): Promise<Opened> {
    const copy = path.join(folder, `copy-${copies++}.concept`);
    cpSync(fitted.model, copy, { recursive: true });
    const explorer = await openExplorer(copy, { page: PAGE, cache: fitted.cache });
    const client = new ExplorerClient(explorer);
    const context = await browser.newContext({
      viewport: { width: 1360, height: 860 },
      acceptDownloads: true,
    });
    const page = await show(context, `${client.base}/${hash}`);
    return { page, context, client, explorer, folder: copy, model: () => client.model() };
  }

  async function show(context: BrowserContext, address: string): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(address);
    await page.locator('.explorer[aria-busy="false"]').waitFor();
    await page.locator(".map canvas").first().waitFor();
    return page;
  }

  const card = (page: Page, { id }: { readonly id: number }) =>
    page.locator(`.concept-card-main[data-concept="${id}"]`);

  async function act(
    page: Page,
    { name }: { readonly name: string },
    action: string | RegExp,
  ): Promise<void> {
    await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole("menuitem", { name: action }).click();
  }

  async function seriousFaults(page: Page): Promise<readonly string[]> {
    await page.evaluate(readFileSync(AXE, "utf8"));
    return page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: axe was put into the page as text
      const { violations } = await (globalThis as any).axe.run();
      const serious = violations.filter((one: { impact: string }) => /serious|critical/.test(one.impact));
      return serious.map(
        ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
          `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
      );
    });
  }

  it("previews recuts by slider and field, keeps one, and drops another", async () => {
    const { page, model } = await open();
    const before = await model();
    const wanted = before.concepts.length + 1;
    await page.getByRole("button", { name: "More or fewer concepts" }).click();
    await page.getByLabel("Number of concepts, as a number").fill(String(wanted));
    const outcome = page.locator(".recut-outcome");
    await soon(() => outcome.innerText()).toContain(`${wanted} concepts`);
    expect(await outcome.innerText()).toMatch(/% in none\s+\d+ go on/);
    expect((await model()).revision).toBe(before.revision);
    await page.getByRole("button", { name: "Keep" }).click();
    await soon(async () => (await model()).concepts.length).toBe(wanted);
    await page.getByRole("button", { name: /^Undo recut/ }).waitFor();
    await soon(() => page.locator(".concept-card-main[data-concept]:not([data-concept='-1'])").count()).toBe(
      wanted,
    );

    const slider = page.getByLabel("Smallest concept", { exact: true });
    await slider.focus();
    const isLeast = (await slider.inputValue()) === "0";
    await page.keyboard.press(isLeast ? "ArrowRight" : "ArrowLeft");
    await soon(() => outcome.innerText()).toMatch(/\d+ concepts?, /);
    await page.getByRole("button", { name: "Back" }).click();
    await soon(() => outcome.count()).toBe(0);
    await page.getByLabel("Number of concepts, as a number").fill("155");
    await soon(() => outcome.innerText()).toContain("There cannot be 155 concepts");
    expect(await page.getByRole("button", { name: "Keep" }).isDisabled()).toBe(true);
    expect((await model()).concepts.length).toBe(wanted);
  });

  it("does not lose a slider's move when the news of the recut before it is quicker than its answer", async () => {
    const { page, model } = await open();
    await page.route("**/api/edits", async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.fulfill({ response });
    });
    await page.getByRole("button", { name: "More or fewer concepts" }).click();
    const field = page.getByLabel("Number of concepts, as a number");
    const count = (await model()).concepts.length;
    await field.fill(String(count + 1));
    const outcome = page.locator(".recut-outcome");
    await soon(() => outcome.innerText()).toContain(`${count + 1} concepts`);
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("button", { name: /^Undo recut/ }).waitFor();
    await field.fill(String(count));
    await page.waitForTimeout(2000);
    await soon(() => outcome.innerText()).toContain(`${count} concepts`);
  });

  it("makes a concept of what the lasso caught, adds to it and takes out of it", async () => {
    const { page, model } = await open();
    const before = await model();
    await page.getByRole("button", { name: /Select with a lasso/ }).click();
    const { x, y, width, height } = (await page.locator(".map").first().boundingBox())!;
    const corner = (fraction: readonly [number, number]): [number, number] => [
      x + 70 + fraction[0] * (width - 80),
      y + 10 + fraction[1] * (height - 20),
    ];
    await page.mouse.move(...corner([0, 0]));
    await page.mouse.down();
    for (const place of [
      [0.5, 0],
      [0.55, 0.5],
      [0.5, 1],
      [0, 1],
      [0, 0],
    ] as const) {
      await page.mouse.move(...corner(place), { steps: 6 });
    }
    await page.mouse.up();
    const bar = page.getByRole("region", { name: "Selected pictures" });
    const count = Number.parseInt(await bar.locator(".selection-count").innerText(), 10);
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(before.images);
    await bar.getByRole("button", { name: "Make a concept" }).click();
    const known = new Set(before.concepts.map(({ id }) => id));
    await soon(async () => (await model()).concepts.filter(({ id }) => !known.has(id)).length).toBe(1);
    const made = (await model()).concepts.find(({ id }) => !known.has(id))!;
    expect([made.size, made.pinned]).toEqual([count, true]);
    await soon(() => bar.count()).toBe(0);
    expect(await card(page, made).getAttribute("aria-expanded")).toBe("true");

    await page.getByRole("textbox", { name: /^Name of / }).press("Escape");

    const other = (await model()).concepts.find(({ id }) => id !== made.id)!;
    await act(page, other, "Select its pictures");
    await bar.getByRole("button", { name: "Add to…" }).click();
    await page.keyboard.type(made.name);
    await page.keyboard.press("Enter");
    await soon(async () => (await model()).concepts.find(({ id }) => id === made.id)?.size).toBe(
      made.size + other.size,
    );
    const { outliers } = await model();
    await act(page, made, "Select its pictures");
    await bar.getByRole("button", { name: "Take out" }).click();
    await soon(async () => (await model()).outliers).toBe(outliers + made.size + other.size);
  });

  it("merges a card that is dragged on another, and by keys alone", async () => {
    const { page, model } = await open();
    const [first, second, third] = (await model()).concepts as [
      ApiModel["concepts"][0],
      ApiModel["concepts"][0],
      ApiModel["concepts"][0],
    ];
    await card(page, second).dragTo(card(page, first));
    await soon(async () => (await model()).concepts.some(({ id }) => id === second.id)).toBe(false);
    const merged = (await model()).concepts.find(({ id }) => id === first.id)!;
    expect(merged.size).toBe(first.size + second.size);
    await page.getByRole("button", { name: `Undo merge of ${first.name} and ${second.name}` }).waitFor();

    await page.getByRole("button", { name: `Actions for ${third.name}`, exact: true }).focus();
    await page.keyboard.press("Enter");
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await soon(focused).toBe("Rename");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Find a concept" }).waitFor();
    await page.keyboard.type(merged.name);
    await page.keyboard.press("Enter");
    await soon(async () => (await model()).concepts.find(({ id }) => id === third.id)?.size).toBe(
      merged.size + third.size,
    );
  });

  it("renames, splits, pins and hides; undoes and redoes; and all of it is in the model's log", async () => {
    const { page, model, folder: saved } = await open();
    const [first, second] = (await model()).concepts as [ApiModel["concepts"][0], ApiModel["concepts"][0]];
    await act(page, first, "Rename");
    const field = page.getByRole("textbox", { name: /^Name of / });
    await field.fill(second.name);
    await page.keyboard.press("Enter");
    await soon(() => page.locator(".name-form").getByRole("alert").innerText()).toContain("already");
    await page.keyboard.press("Escape");
    expect(await field.count()).toBe(0);
    await act(page, first, "Rename");
    await field.fill("the <b>old</b> zoo");
    await page.keyboard.press("Enter");
    await soon(async () => (await model()).concepts.find(({ id }) => id === first.id)?.name).toBe(
      "the <b>old</b> zoo",
    );
    await soon(() => card(page, first).innerText()).toContain("the <b>old</b> zoo");

    const renamed = { name: "the <b>old</b> zoo" };
    await act(page, renamed, "Split…");
    await page.getByLabel("Parts").fill("3");
    await page.keyboard.press("Enter");
    const count = (await model()).concepts.length;
    await soon(async () => (await model()).concepts.length).toBeGreaterThanOrEqual(count);
    await page.getByRole("button", { name: "Undo split of the <b>old</b> zoo into 3 concepts" }).waitFor();
    await act(page, second, /^Pin/);
    await soon(async () => (await model()).concepts.find(({ id }) => id === second.id)?.pinned).toBe(true);
    await act(page, second, "Hide");
    await soon(async () => (await model()).concepts.find(({ id }) => id === second.id)?.hidden).toBe(true);

    await page.locator("body").click({ position: { x: 700, y: 20 } });
    await page.keyboard.press("Escape");
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("Control+z");
    await soon(async () => (await model()).concepts.find(({ id }) => id === second.id)?.hidden).toBe(false);
    await page.keyboard.press("Control+Shift+z");
    await soon(async () => (await model()).concepts.find(({ id }) => id === second.id)?.hidden).toBe(true);
    await page.getByRole("button", { name: `Undo hiding of ${second.name}` }).click();
    await page.getByRole("button", { name: `Undo pinning of ${second.name}` }).click();
    await page.getByRole("button", { name: `Redo pinning of ${second.name}` }).click();
    await page.getByRole("button", { name: `Redo hiding of ${second.name}` }).waitFor();

    await page.reload();
    await soon(() => card(page, first).innerText()).toContain("the <b>old</b> zoo");
    const listed = await concept(["edit", saved, "list"]);
    expect(listed.stdout).toMatch(/the <b>old<\/b> zoo[\s\S]*(split|3)[\s\S]*pin/i);
    expect(listed.stdout).not.toMatch(/hid/i);
  });

  it("leaves typing its own undo", async () => {
    const { page, model } = await open();
    const [first] = (await model()).concepts;
    await act(page, first!, /^Pin/);
    await page.getByRole("button", { name: `Undo pinning of ${first!.name}` }).waitFor();
    await page.getByLabel("Filter concepts").first().fill("zoo");
    await page.keyboard.press("Control+z");
    await page.waitForTimeout(300);
    expect((await model()).concepts.find(({ id }) => id === first!.id)?.pinned).toBe(true);
  });

  it("shows an edit in the other tab, and refuses one made upon what is no longer there", async () => {
    const { page, context, client, model } = await open();
    const [first, second] = (await model()).concepts as [ApiModel["concepts"][0], ApiModel["concepts"][0]];
    const other = await show(context, client.base);
    await act(page, first, "Rename");
    await page.getByRole("textbox", { name: /^Name of / }).fill("seen in both");
    await page.keyboard.press("Enter");
    await soon(() => card(other, first).innerText()).toContain("seen in both");

    const deaf = await context.newPage();
    await deaf.route("**/api/events", (route) => route.abort());
    await deaf.goto(client.base);
    await card(deaf, first).waitFor();
    await act(page, { name: "seen in both" }, "Rename");
    await page.getByRole("textbox", { name: /^Name of / }).fill("newer");
    await page.keyboard.press("Enter");
    await soon(() => card(page, first).innerText()).toContain("newer");
    await act(deaf, second, /^Pin/);
    await soon(() => deaf.locator(".notices").innerText()).toContain("edited elsewhere");
    await soon(() => card(deaf, first).innerText()).toContain("newer");
    expect((await model()).concepts.find(({ id }) => id === second.id)?.pinned).toBe(false);
    await act(deaf, second, /^Pin/);
    await soon(async () => (await model()).concepts.find(({ id }) => id === second.id)?.pinned).toBe(true);
  });

  it("filters by charts that filter each other, and gives the view as a link that a fresh tab restores", async () => {
    const { page, client, context } = await open();
    const kind = (await client.json("/api/columns/0")) as ApiColumnValues & { type: "text" };
    const weight = (await client.json("/api/columns/2")) as ApiColumnValues & { type: "number" };
    await page.getByRole("tab", { name: "Compare" }).click();
    const chart = page.getByRole("region", { name: "kind", exact: true });
    await chart.getByRole("button", { name: /^Flags/ }).click();
    const flags = kind.codes
      .map((code, row) => (kind.texts[code] === "Flags" ? row : -1))
      .filter((row) => row !== -1);
    const looked = page.locator(".looked-at strong");
    await soon(() => looked.innerText()).toBe(String(flags.length));

    const weights = page.getByRole("region", { name: "weight", exact: true });
    const from = weights.getByRole("slider", { name: "weight, from" });
    await from.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
    const edge = Number((await from.getAttribute("aria-valuetext"))!.replace(",", ""));
    const both = flags.filter((row) => weight.values[row] !== null && weight.values[row]! >= edge);
    expect(both.length).toBeGreaterThan(0);
    expect(both.length).toBeLessThan(flags.length);
    await soon(() => looked.innerText()).toBe(String(both.length));
    await soon(() => chart.getByRole("button", { name: /^Flags/ }).innerText()).toContain(
      `${both.length} of ${flags.length}`,
    );

    await page.getByLabel("Colour by").selectOption({ label: "weight" });
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await soon(() => page.url()).toContain("selection=");
    await page.getByRole("searchbox").or(page.locator("#search")).first().fill("flag");
    await soon(() => page.url()).toContain("q=flag");
    await soon(() => page.url()).toContain("color.column=weight");

    const fresh = await show(context, page.url());
    expect(await fresh.getByRole("tab", { name: "Compare" }).getAttribute("aria-selected")).toBe("true");
    await soon(() => fresh.locator(".looked-at strong").innerText()).toBe(String(both.length));
    expect(await fresh.getByLabel("Colour by").inputValue()).toBe("2");
    expect(await fresh.locator("#search").inputValue()).toBe("flag");
    await soon(() => fresh.locator(".selection-count").innerText()).toBe(`${both.length} pictures`);
    await soon(() => fresh.url()).toBe(page.url());
    await fresh.getByRole("button", { name: "Clear filters" }).click();
    await soon(() => fresh.url()).not.toContain("range.");
  });

  it("opens a concept, a picture and a place that a link names", async () => {
    const { page, model } = await open("#at=1.5%2C-2%2C5&concept=0&picture=7");
    await page.getByRole("dialog").waitFor();
    const { name } = (await model()).concepts.find(({ id }) => id === 0)!;
    await page.waitForTimeout(500);
    expect(page.url()).toMatch(/#at=1.5%2C-2%2C5&concept=0&picture=7/);
    await page.keyboard.press("Escape");
    await soon(() => page.url()).toMatch(/#at=1.5%2C-2%2C5&concept=0$/);
    expect(await card(page, { id: 0 }).getAttribute("aria-expanded")).toBe("true");
    await soon(() => card(page, { id: 0 }).innerText()).toContain(name.replace("unclear: ", ""));
  });

  it("goes its way where a link is nonsense", async () => {
    const { page } = await open(
      "#at=NaN,1,e&concept=99999&picture=1e9&selection=zz.+&range.kind=1..2&text.none=%00&color.column=no&of=x&q=%",
    );
    await soon(() => page.locator(".concept-card-main").count()).toBeGreaterThan(2);
    expect(await page.locator("dialog[open], .selection-bar, .notice").count()).toBe(0);
  });

  it("exports the selection as a list and a table, and a concept as a zip of folders, none of which the page has in memory", async () => {
    const { page, model } = await open();
    const { name, concepts } = await model();
    const [first] = concepts;
    await act(page, first!, "Select its pictures");
    const exported = async (format: RegExp, called: string): Promise<Buffer> => {
      const coming = page.waitForEvent("download");
      await page.getByRole("radio", { name: format }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
      const download = await coming;
      // Not `blob:`, which the page would have had to fetch.
      expect(new URL(download.url()).pathname).toMatch(/^\/api\/export\/[\w-]{32}$/);
      expect(download.suggestedFilename()).toBe(called);
      expect(await download.failure()).toBeNull();
      return readFileSync(await savedPath(download));
    };
    const lines = (text: Buffer): string[] => text.toString("utf8").trimEnd().split("\n");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    expect(await seriousFaults(page)).toEqual([]);
    const paths = lines(await exported(/List of paths/, `${name} - selection.txt`));
    expect(paths.length).toBe(first!.size);
    expect(paths.every((line) => path.isAbsolute(line) && line.endsWith(".png"))).toBe(true);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const table = lines(await exported(/Table/, `${name} - selection.csv`));
    expect(table.length).toBe(first!.size + 1);
    expect(table[0]).toMatch(/path.*concept.*kind/);
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await card(page, first!).click();
    await page.getByRole("button", { name: "Share and export" }).click();
    await page.getByRole("menuitem", { name: "Export pictures…" }).click();
    const zip = await exported(/Copies/, `${name} - ${first!.name.replace(":", "_")}.zip`);
    const files = unzipSync(zip);
    const names = Object.keys(files).filter((file) => file.endsWith(".png"));
    expect(names.length).toBe(first!.size);
    expect(new Set(names.map((file) => file.split("/")[0])).size).toBe(1);
    expect(strFromU8(files[names[0]!]!.subarray(1, 4))).toBe("PNG");
    const fetched = await page.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
        .filter(({ name }) => name.includes("/api/export"))
        .map(({ name, decodedBodySize }) => [new URL(name).pathname, decodedBodySize] as const),
    );
    expect(fetched.map(([address]) => address)).toEqual(Array(3).fill("/api/export"));
    expect(Math.max(...fetched.map(([, bytes]) => bytes))).toBeLessThan(100);
  });

  it("tells why an export is refused, in its dialog, and why one broke off", async () => {
    const { page, explorer } = await open();
    const refusal = { code: "TOO_LARGE", message: "One archive holds 4 GB", hint: "Select fewer." };
    await page.route("**/api/export", (route) => route.fulfill({ status: 413, json: refusal }), { times: 1 });
    await page.getByRole("button", { name: "Share and export" }).click();
    await page.getByRole("menuitem", { name: "Export pictures…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Export" }).click();
    await soon(() => dialog.getByRole("alert").innerText()).toMatch(
      /One archive holds 4 GB[\s\S]*Select fewer/,
    );
    // A ticket that has gone: the browser tells, and the page stays.
    await page.route("**/api/export", (route) => route.fulfill({ status: 201, json: { ticket: "gone" } }));
    const coming = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export" }).click();
    expect(await (await coming).failure()).not.toBeNull();
    await soon(() => dialog.count()).toBe(0);
    expect(await page.locator(".concept-card-main").count()).toBeGreaterThan(0);
    const error = { code: "DISK", message: "The disk says: it cannot be read" };
    explorer.session.tell({ kind: "exportFailed", file: "emoji.zip", error });
    await soon(() => page.locator(".notices").innerText()).toContain(
      "emoji.zip is not whole. The disk says: it cannot be read",
    );
  });

  it("saves the map as PNG and SVG", async () => {
    const { page } = await open();
    for (const format of ["PNG", "SVG"]) {
      await page.getByRole("button", { name: "Share and export" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: `Save map as ${format}` }).click();
      const bytes = readFileSync(await savedPath(await download));
      if (format === "PNG") expect(bytes.subarray(1, 4).toString()).toBe("PNG");
      else
        expect(bytes.toString()).toMatch(
          /^(<\?xml[^>]*>\s*)?<svg[^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/,
        );
    }
  });

  it("draws how alike concepts are, names the two of a cell and goes to one", async () => {
    const { page, model } = await open();
    const { concepts } = await model();
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: "Concepts that are alike" }).click();
    const canvas = page.locator(".heatmap canvas").first();
    await canvas.scrollIntoViewIfNeeded();
    await canvas.hover({ position: { x: 40, y: 90 } });
    await soon(() => page.locator(".heatmap-tip").innerText()).toMatch(/.+ and .+\s-?\d\.\d\d$/);
    const colours = await canvas.evaluate((element: HTMLCanvasElement) => {
      const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).toBeGreaterThan(3);
    expect(await page.locator(".alike tbody tr").count()).toBeGreaterThan(1);
    expect(await seriousFaults(page)).toEqual([]);
    await canvas.click({ position: { x: 40, y: 90 } });
    await soon(() => page.url()).toMatch(/concept=\d+/);
    const focused = Number(/concept=(\d+)/.exec(page.url())![1]);
    expect(concepts.map(({ id }) => id)).toContain(focused);
  });

  it("lets a filter go with the concept that it is by, which has been merged away: it left no picture before", async () => {
    const { page, client, model } = await open();
    const [first, second] = (await model()).concepts as [ApiModel["concepts"][0], ApiModel["concepts"][0]];
    await page.getByRole("tab", { name: "Compare" }).click();
    const chart = page.getByRole("region", { name: "Concept", exact: true });
    const bar = (size: number) => chart.locator(".text-bar", { hasText: `${size}` }).first();
    await bar(second.size).click();
    const looked = page.locator(".looked-at");
    await soon(() => looked.innerText()).toMatch(/^\d+ of 160 pictures, filtered/);
    await client.edit({ kind: "merge", concepts: [first.id, second.id] });
    await soon(() => page.locator(".notices").innerText()).toMatch(
      /“.+” has ended, and the filter by it with it/,
    );
    await soon(() => looked.innerText()).toMatch(/^All 160 pictures/);
    await soon(() => page.url()).not.toContain("only.concepts");
  });

  it("tells which language model gave a name, and when a person did", async () => {
    const { page, client, model } = await open();
    const [first, second] = (await model()).concepts as [ApiModel["concepts"][0], ApiModel["concepts"][0]];
    const name = "Flags of the <i>world</i>";
    await client.edit({ kind: "rename", concept: first.id, name, namedBy: "gemma3:4b" });
    await client.edit({ kind: "rename", concept: second.id, name: "mine" });
    await soon(() => card(page, second).innerText()).toContain("mine");
    await card(page, first).locator("[aria-label='Named by the language model gemma3:4b']").waitFor();
    await card(page, first).click();
    const details = page.locator("[data-focused] .concept-details");
    await soon(() => details.innerText()).toContain("Named by the language model gemma3:4b");
    await card(page, second).click();
    await soon(() => details.innerText()).toContain("Named by hand");
  });

  it("names the largest of 300 concepts beside the large heatmap, and the two of a cell beside the pointer, at every edge", async () => {
    const { page } = await open();
    const count = 300;
    const ids = Array.from({ length: count }, (_, id) => id);
    const similarities = ids.flatMap((i) => ids.map((j) => (i === j ? 1 : 1 / (1 + Math.abs(i - j)))));
    const json = { concepts: ids, similarities, order: ids, leftOut: 7 };
    await page.route("**/api/similarity", (route) => route.fulfill({ json }));
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: "Concepts that are alike" }).click();
    await page.getByRole("button", { name: "Large, with names" }).click();
    const dialog = page.locator(".heatmap-dialog");
    const canvas = dialog.locator("canvas");
    const { x, y, width, height } = (await canvas.boundingBox())!;
    const names = width - height;
    const isWritten = await canvas.evaluate((element: HTMLCanvasElement, gutter) => {
      const { data } = element.getContext("2d")!.getImageData(0, 0, gutter, element.height);
      return data.some((value, at) => at % 4 === 3 && value > 200);
    }, names);
    expect(isWritten).toBe(true);
    for (const [across, down] of [
      [0, 0],
      [1, 0],
      [0.5, 0.5],
      [0, 1],
      [1, 1],
    ] as const) {
      const spot = [x + names + 3 + across * (height - 6), y + 3 + down * (height - 6)] as const;
      await page.mouse.move(...spot);
      const tip = (await dialog.locator(".heatmap-tip").boundingBox())!;
      expect(tip.x).toBeGreaterThanOrEqual(x);
      expect(tip.x + tip.width).toBeLessThanOrEqual(x + width + 1);
      expect(tip.y).toBeGreaterThanOrEqual(y);
      expect(tip.y + tip.height).toBeLessThanOrEqual(y + height + 1);
      const isUnder = spot[1] > tip.y && spot[1] < tip.y + tip.height;
      expect(isUnder).toBe(false);
    }
    await page.setViewportSize({ width: 400, height: 800 });
    await soon(async () => (await canvas.boundingBox())!.width).toBeGreaterThan(320);
    await page.mouse.move(0, 0);
    await page.mouse.move(200, 300);
    expect((await dialog.boundingBox())!.width).toBeLessThanOrEqual(400);
  });

  it("had no error in any page", () => {
    expect(problems).toEqual([]);
  });
});

async function savedPath(download: Download): Promise<string> {
  const saved = await download.path();
  expect(download.suggestedFilename()).toMatch(/\.(txt|csv|zip|png|svg)$/);
  return saved;
}
