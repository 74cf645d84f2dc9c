// What opens on the explorer's page, before axe-core, in both themes.
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium } from "../support/chromium.ts";
import { temporaryFolder } from "../support/command.ts";
import { fitShownModel, openExplorer } from "../support/explorer.ts";
import { axeFindings, openPage } from "../support/explorer-page.ts";

const launch = await findChromium();

type Act = (page: Page) => Promise<unknown>;

const menu: Act = (page) =>
  page
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();

async function choose(page: Page, action: string): Promise<void> {
  await menu(page);
  await page.getByRole("menuitem", { name: action }).click();
}

async function share(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Share and export" }).click();
  await page.getByRole("menu").waitFor();
}

async function recut(page: Page, concepts: string): Promise<void> {
  await page.getByRole("button", { name: "More or fewer concepts" }).click();
  await page.getByLabel("Number of concepts, as a number").fill(concepts);
}

async function heatmap(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Concepts that are alike" }).click();
  const canvas = page.locator(".heatmap canvas").first();
  await canvas.hover({ position: { x: 40, y: 90 } });
  await page.locator(".heatmap-tip").waitFor();
}

const STATES: readonly (readonly [string, Act])[] = [
  ["the menu of a concept", menu],
  ["the menu of sharing", share],
  ["the choice of a concept to merge with", (page) => choose(page, "Merge with…")],
  ["the dialog of splitting", (page) => choose(page, "Split…")],
  ["a name that is edited", (page) => choose(page, "Rename")],
  [
    "a name that is taken",
    async (page) => {
      const other = await page.locator(".concept-card-name").nth(1).innerText();
      await choose(page, "Rename");
      await page.getByRole("textbox", { name: /^Name of / }).fill(other);
      await page.keyboard.press("Enter");
      await page.locator(".name-form").getByRole("alert").waitFor();
    },
  ],
  [
    "a selection",
    async (page) => {
      await choose(page, "Select its pictures");
      await page.locator(".selection-bar").waitFor();
    },
  ],
  [
    "the dialog of exports",
    async (page) => {
      await share(page);
      await page.getByRole("menuitem", { name: "Export pictures…" }).click();
    },
  ],
  [
    "a recut before it is kept",
    async (page) => {
      await recut(page, "3");
      await page.locator(".recut-outcome strong").waitFor();
    },
  ],
  [
    "a recut that cannot be",
    async (page) => {
      await recut(page, "155");
      await page.getByText(/^There cannot be 155 concepts/).waitFor();
    },
  ],
  [
    "charts with a filter",
    async (page) => {
      await page.getByRole("tab", { name: "Compare" }).click();
      await page
        .getByRole("region", { name: "kind", exact: true })
        .getByRole("button", { name: /^Flags/ })
        .click();
      await page.getByLabel("Colour by").selectOption({ label: "weight" });
      await page.locator(".map-legend .map-ramp").waitFor();
    },
  ],
  ["the heatmap", heatmap],
  [
    "the large heatmap",
    async (page) => {
      await heatmap(page);
      await page.getByRole("button", { name: "Large, with names" }).click();
      await page.locator(".heatmap-dialog canvas").hover({ position: { x: 300, y: 200 } });
    },
  ],
];

describe.skipIf(launch === null)("axe-core finds nothing serious", () => {
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    const { model, cache } = await fitShownModel(temporaryFolder("explorer-axe"));
    ({ address } = await openExplorer(model, { cache }));
    browser = await chromium.launch(launch!);
  });

  afterAll(() => browser?.close());

  describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
    it.each(STATES)("in %s", async (_, act) => {
      const options = { colorScheme, reducedMotion: "reduce" } as const;
      const { page, faults } = await openPage(browser, address, options);
      await page.locator(".concept-card .thumbnail").first().waitFor();
      await act(page);
      expect(await axeFindings(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });
});
