import { describe, expect, it, vi } from "vitest";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readPicture } from "../../../src/node/inputs/read-picture.ts";
import { S3_KEYS, serveBucket } from "../../support/s3-server.ts";
import { temporaryFolder, twoColours } from "../images/pictures.ts";

async function bucket(more: Record<string, string> = {}): Promise<Map<string, Buffer>> {
  const objects = new Map<string, Buffer>();
  const keys = [
    "p/a.png",
    "p/b c+d & é (1)'!*.png",
    "p/deep/x.jpg",
    "p/notes.txt",
    "p/",
    "p/z.png",
    "q/other.png",
    "moved/a.png",
  ];
  for (const [i, key] of keys.entries()) {
    objects.set(key, await twoColours(i)[key.endsWith("jpg") ? "jpeg" : "png"]().toBuffer());
  }
  const environment = {
    ...S3_KEYS,
    AWS_ENDPOINT_URL: await serveBucket("photos", objects),
    CONCEPT_CACHE: await temporaryFolder(),
    ...more,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return objects;
}

describe("buckets of the S3 protocol (not run against Amazon)", () => {
  it("are listed page by page below a prefix, and read with signed requests", async () => {
    const objects = await bucket();
    const { images, ignored, skipped } = await findCollection("s3://photos/p/", { exclude: ["z.*"] });
    expect(skipped).toEqual([]);
    expect(ignored).toEqual({ "(excluded)": 1, txt: 1 });
    expect(images.map((image) => image.path)).toEqual([
      "s3://photos/p/a.png",
      "s3://photos/p/b c+d & é (1)'!*.png",
      "s3://photos/p/deep/x.jpg",
    ]);
    for (const { location, bytes } of images) {
      const body = objects.get(location.slice("s3://photos/".length))!;
      expect(bytes).toBe(body.length);
      expect(Buffer.from((await readPicture(location, { revalidate: true })).bytes)).toEqual(body);
      // Again: the server says that it is the same.
      expect(Buffer.from((await readPicture(location, { revalidate: true })).bytes)).toEqual(body);
    }
  });

  it("say what went wrong: another key, another bucket, an object that has gone", async () => {
    await bucket({ AWS_SECRET_ACCESS_KEY: "wrong" });
    expect((await findCollection("s3://photos/p/", {})).skipped).toEqual([
      { path: "s3://photos/p/", code: "http", reason: "the server answered 403 when asked for a list" },
    ]);
    await bucket();
    expect((await findCollection("s3://none/", {})).skipped).toEqual([
      { path: "s3://none/", code: "http", reason: "the server answered 404 when asked for a list" },
    ]);
    await expect(readPicture("s3://photos/p/gone.png")).rejects.toThrow("the server answered 404");
  });

  it("are trusted to be on this machine, but not where they redirect to", async () => {
    await bucket();
    await expect(readPicture("s3://photos/moved/a.png")).rejects.toThrow(
      "127.0.0.1 is an address of this machine",
    );
  });
});
