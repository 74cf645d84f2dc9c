// What pictures say of themselves: columns of the model, unless somebody does not want that.
import { readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { knownStages } from "../../src/core/defaults.ts";
import { loadModel } from "../../src/node/saved-model/load-model.ts";
import { concept, type Run, temporaryFolder } from "../support/command.ts";
import { emojiOf, layOutEmoji } from "../support/emoji.ts";

vi.setConfig({ testTimeout: 200_000 });

const folder = temporaryFolder("exif");
const at = (name: string): string => path.join(folder, name);
const cache = ["--cache", at("cache")];

function fit(given: string, model: string, ...more: string[]): Promise<Run> {
  return concept([
    "fit",
    at(given),
    "-o",
    at(model),
    "--model",
    "mini",
    "--vocabulary-size",
    "50",
    ...cache,
    ...more,
  ]);
}

async function columnsOf(model: string): Promise<Record<string, unknown>> {
  const { images } = await loadModel(at(model), knownStages());
  const row = images.paths.indexOf("photo 0.jpg");
  return Object.fromEntries(images.columns.map(({ name, values }) => [name, values[row]]));
}

async function writePhoto(i: number): Promise<void> {
  await sharp({
    create: { width: 60, height: 40, channels: 3, background: { r: 80 * i, g: 90, b: 200 - 60 * i } },
  })
    .withExif({
      IFD0: { Make: "Fuji", Model: `X10${i}` },
      IFD2: { DateTimeOriginal: "2021:05:06 07:08:09" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "51/1 30/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "7/1 0/1 0/1",
      },
    })
    .jpeg()
    .toFile(at(`photos/photo ${i}.jpg`));
}

const SAID = { camera: "Fuji X100", taken: Date.UTC(2021, 4, 6, 7, 8, 9), latitude: 51.5, longitude: 7 };

beforeAll(async () => {
  const some = emojiOf("twitter").slice(0, 40);
  layOutEmoji(at("photos"), some, "twitter");
  layOutEmoji(at("drawings"), some, "twitter");
  for (const i of [0, 1]) await writePhoto(i);
});

describe("date, camera and place of pictures", () => {
  it("are columns by default, are told, and bring none where no picture says anything", async () => {
    const run = await fit("photos", "photos.concept");
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toContain("Columns: taken, camera, latitude, longitude.");
    expect(await columnsOf("photos.concept")).toEqual(SAID);
    const drawn = await fit("drawings", "drawings.concept");
    expect(drawn.stderr).not.toContain("olumns");
    expect((await loadModel(at("drawings.concept"), knownStages())).images.columns).toEqual([]);
    await fit("drawings", "without.concept", "--columns", "none");
    const [one, other] = ["drawings", "without"].map((name) =>
      readFileSync(at(`${name}.concept/model.json`)),
    );
    expect(one!.equals(other!)).toBe(true);
  });

  it("are left out with --columns none, and an update brings them neither", async () => {
    const run = await fit("photos", "none.concept", "--columns", "none");
    expect(run.code, run.stderr).toBe(0);
    expect(await columnsOf("none.concept")).toEqual({});
    await writePhoto(2);
    for (const [model, columns] of [
      ["none.concept", {}],
      ["photos.concept", SAID],
    ] as const) {
      const updated = await concept(["update", at(model), at("photos"), "--json", ...cache]);
      expect(JSON.parse(updated.stdout), updated.stderr).toMatchObject({ added: 1, metadata: null });
      expect(await columnsOf(model)).toEqual(columns);
    }
    const { images } = await loadModel(at("photos.concept"), knownStages());
    const cameras = images.columns.find(({ name }) => name === "camera")!.values;
    expect(cameras[images.paths.indexOf("photo 2.jpg")]).toBe("Fuji X102");
  });
});
