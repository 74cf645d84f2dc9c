// Takes the pictures of the explorer that are in docs/explorer.md, of the demo's model (npm run demo).
//   node scripts/explorer-pictures.mjs demo-output/emoji.concept [explorer-shape ...]
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { startExplorer } from "../dist/node/index.js";

const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 400, height: 800 }, hasTouch: true };
const REST = 3000;

const [model, ...wanted] = process.argv.slice(2);
const explorer = await startExplorer(model, { port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});

/** @param act brings the page into the state that is to be seen */
async function take(name, options, act) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(explorer.address);
  await page.waitForSelector(".concept-card .thumbnail");
  if (name !== "explorer") await page.click(".first-hint button");
  await act(page);
  await page.mouse.move(600, 790);
  await page.waitForTimeout(REST);
  const picture = await page.screenshot();
  await sharp(picture)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(path.join(IMAGES, `${name}.png`));
  await context.close();
}

async function search(page, query) {
  await page.fill("#search", query);
  await page.waitForSelector(".results .picture-tile");
}

await take("explorer", DESKTOP, async () => {});
await take("explorer-concept", DESKTOP, (page) => page.locator(".concept-card-main").nth(2).click());
await take("explorer-search", { ...DESKTOP, colorScheme: "dark" }, (page) => search(page, "fruit"));
await take("explorer-picture", DESKTOP, async (page) => {
  await search(page, "fruit");
  await page.locator(".results .picture-tile-open").first().click();
});
await take("explorer-shape", DESKTOP, async (page) => {
  await page.getByRole("button", { name: "More or fewer concepts" }).click();
  await page.getByLabel("Number of concepts, as a number").fill("40");
  await page.getByRole("button", { name: "Keep" }).waitFor();
});
await take("explorer-compare", DESKTOP, async (page) => {
  await page.getByRole("button", { name: /Select with a lasso/ }).click();
  const { x, y, width, height } = await page.locator(".map").first().boundingBox();
  const around = (turn) => [
    x + width * (0.52 + 0.15 * Math.cos(2 * Math.PI * turn)),
    y + height * (0.55 + 0.17 * Math.sin(2 * Math.PI * turn)),
  ];
  await page.mouse.move(...around(0));
  await page.mouse.down();
  for (let turn = 0; turn <= 1; turn += 1 / 24) await page.mouse.move(...around(turn));
  await page.mouse.up();
  await page.getByRole("tab", { name: "Compare" }).click();
});
await take("explorer-phone", PHONE, (page) => page.locator(".concept-card-main").nth(2).tap());

await browser.close();
await explorer.close();
