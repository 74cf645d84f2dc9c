import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, onTestFinished, test } from "vitest";
import { SheetStore } from "../../../src/node/thumbnails/sheet-store.ts";
import { temporaryFolder } from "../images/pictures.ts";
import { collection, layOutPictures } from "./pictures.ts";

/** A model's folder with all sheets of some pictures. */
async function built(emoji = 3): Promise<{ files: string[]; model: string; sheets: string; bytes: Buffer }> {
  const files = await layOutPictures(await temporaryFolder(), emoji);
  const model = await temporaryFolder();
  await new SheetStore(collection(files, model)).buildAll();
  const [key] = await readdir(path.join(model, "thumbnails"));
  const sheets = path.join(model, "thumbnails", key!);
  return { files, model, sheets, bytes: await readFile(path.join(sheets, "1", "0.webp")) };
}

async function list(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

describe("sheets on disk", () => {
  test("are files by key, level and number", async () => {
    const { files, model, sheets, bytes } = await built();
    expect(path.basename(sheets)).toMatch(/^[0-9a-f]{32}$/);
    expect(await list(sheets)).toEqual(["0", "0/0.json", "0/0.webp", "1", "1/0.json", "1/0.webp"]);
    const later = collection(files, model);
    expect(Buffer.from(await new SheetStore(later).sheet(1, 0))).toEqual(bytes);
    expect(later.opened).toEqual([]);
  });

  test("are drawn again when cut off, damaged, without or with a foreign record", async () => {
    const { files, model, sheets, bytes } = await built();
    const [file, record] = ["webp", "json"].map((type) => path.join(sheets, "1", `0.${type}`));
    const original = await readFile(record!, "utf8");
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1]! ^= 1;
    const forged = (value: object) =>
      writeFile(record!, JSON.stringify({ ...JSON.parse(original), ...value }));
    const damages: (() => Promise<void>)[] = [
      () => truncate(file!, bytes.length - 100),
      () => truncate(file!, 0),
      () => writeFile(file!, flipped),
      () => rm(file!),
      () => rm(record!),
      () => truncate(record!, 10),
      () => writeFile(record!, "null"),
      () => forged({ gaps: [{ row: 600, reason: "gone", state: -1 }] }),
      () => forged({ gaps: [{ row: 0.5, reason: "gone", state: -1 }] }),
      () => forged({ gaps: [{ row: 1, reason: "x".repeat(1000), state: -1 }] }),
    ];
    for (const [i, damage] of damages.entries()) {
      await damage();
      const store = new SheetStore(collection(files, model));
      expect(Buffer.from(await store.sheet(1, 0)).equals(bytes), `${i}`).toBe(true);
      expect((await readFile(file!)).equals(bytes), `${i}`).toBe(true);
      expect(await readFile(record!, "utf8"), `${i}`).toBe(original);
      expect(store.missing).toEqual([]);
    }
  });

  test("that agree with their records, but are no sheets, are drawn again", async () => {
    const { files, model, sheets, bytes } = await built();
    const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .webp()
      .toBuffer();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024"/>');
    const place = (name: string) => path.join(sheets, "1", name);
    const forge = async (forged: Buffer): Promise<void> => {
      const sha256 = createHash("sha256").update(forged).digest("hex");
      await writeFile(place("0.webp"), forged);
      await writeFile(place("0.json"), JSON.stringify({ bytes: forged.length, sha256, gaps: [] }));
    };
    for (const forged of [small, svg]) {
      await forge(forged);
      expect(Buffer.from(await new SheetStore(collection(files, model)).sheet(1, 0))).toEqual(bytes);
    }
    // A right header before nothing right: found out when the overview is made of it.
    const overview = await readFile(path.join(sheets, "0", "0.webp"));
    await rm(path.join(sheets, "0"), { recursive: true });
    await forge(Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(bytes.length - 60)]));
    expect(Buffer.from(await new SheetStore(collection(files, model)).sheet(0, 0))).toEqual(overview);
    expect(await readFile(place("0.webp"))).toEqual(bytes);
  });

  test("of other versions go after all are built, with halves of files, and nothing else", async () => {
    const { files, model, sheets } = await built();
    const thumbnails = path.dirname(sheets);
    await writeFile(path.join(sheets, "1", ".0.webp.1234.tmp"), "half");
    await mkdir(path.join(thumbnails, "mine"));
    const outside = await temporaryFolder();
    await writeFile(path.join(outside, "kept.txt"), "kept");
    await symlink(outside, path.join(thumbnails, "0".repeat(32)));
    const other = new SheetStore(collection(files, model, 2));
    await other.sheet(1, 0);
    expect((await readdir(thumbnails)).length).toBe(4);
    await other.buildAll();
    const left = await readdir(thumbnails);
    expect(left.length).toBe(2);
    expect(left).toContain("mine");
    expect(left).not.toContain(path.basename(sheets));
    expect(await readdir(outside)).toEqual(["kept.txt"]);

    const key = left.find((name) => name !== "mine")!;
    await writeFile(path.join(thumbnails, key, "0", ".0.webp.1234.tmp"), "half");
    await new SheetStore(collection(files, model, 2)).buildAll();
    expect(await readdir(path.join(thumbnails, key, "0"))).toEqual(["0.json", "0.webp"]);
  });
});

describe("where sheets cannot or must not be written, they are kept in memory", () => {
  /** Sheets come all the same, each picture is opened once, and nothing is written outside. */
  async function expectMemory(model: string, outside?: string): Promise<void> {
    const files = await layOutPictures(await temporaryFolder(), 3);
    const asked = collection(files, model);
    const before = outside === undefined ? [] : await list(outside);
    const store = new SheetStore(asked);
    const first = await store.sheet(1, 0);
    await store.buildAll();
    expect(await store.sheet(1, 0)).toEqual(first);
    expect(asked.opened.length).toBe(files.length);
    expect(outside === undefined ? [] : await list(outside)).toEqual(before);
    await store.close();
  }

  test("a link in place of the folder, the key's folder or a level's", async () => {
    const outside = await temporaryFolder();
    await writeFile(path.join(outside, "0.webp"), "not ours");
    const linked = await temporaryFolder();
    await symlink(outside, path.join(linked, "thumbnails"));
    await expectMemory(linked, outside);

    const { files, model, sheets, bytes } = await built();
    for (const place of [sheets, path.join(sheets, "1")]) {
      await rm(place, { recursive: true, force: true });
      await mkdir(path.dirname(place), { recursive: true });
      await symlink(outside, place);
      const store = new SheetStore(collection(files, model));
      expect(Buffer.from(await store.sheet(1, 0))).toEqual(bytes);
      await store.buildAll();
      expect(await readdir(outside)).toEqual(["0.webp"]);
      await rm(place);
    }
  });

  test("a link in place of a sheet is not read, and replaced", async () => {
    const { files, model, sheets, bytes } = await built();
    const secret = path.join(await temporaryFolder(), "secret.webp");
    await writeFile(secret, bytes);
    const file = path.join(sheets, "1", "0.webp");
    await rm(file);
    await symlink(secret, file);
    const later = collection(files, model);
    expect(Buffer.from(await new SheetStore(later).sheet(1, 0))).toEqual(bytes);
    expect(later.opened.length).toBe(files.length);
    expect((await stat(secret)).size).toBe(bytes.length);
    expect(await readFile(file)).toEqual(bytes);
  });

  test("a file in its place, a model that has gone, a folder nobody may write to", async () => {
    const taken = await temporaryFolder();
    await writeFile(path.join(taken, "thumbnails"), "a file");
    await expectMemory(taken);

    const gone = path.join(await temporaryFolder(), "gone.concept");
    await expectMemory(gone);
    await expect(stat(gone)).rejects.toThrow("ENOENT");

    const readOnly = await temporaryFolder();
    await chmod(readOnly, 0o555);
    onTestFinished(() => chmod(readOnly, 0o755));
    // The super-user may write there all the same; /proc takes no folders from anybody.
    await expectMemory(process.getuid?.() === 0 && process.platform === "linux" ? "/proc/self" : readOnly);
  });

  test("no more bytes than allowed: the background stops, requests go on", async () => {
    const files = await layOutPictures(await temporaryFolder(), 130);
    const asked = collection(files, path.join(await temporaryFolder(), "none"));
    const store = new SheetStore({ ...asked, memoryBytes: 1000 });
    await store.buildAll();
    const opened = asked.opened.length;
    expect(opened).toBe(files.length);
    const sheet = await store.sheet(1, 2);
    expect(await sharp(sheet).metadata()).toMatchObject({ width: 1024 });
    expect(asked.opened.length).toBe(opened + files.length - 128);
  });
});
