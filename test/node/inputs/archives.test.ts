import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readPicture } from "../../../src/node/inputs/read-picture.ts";
import { haveProgram } from "../../support/programs.ts";
import { temporaryFolder, twoColours } from "../images/pictures.ts";

const hasZip = haveProgram("zip", ["-v"]);
const hasTar = haveProgram("tar", ["--version"]);
const hasPython = haveProgram("python3", ["--version"]);

/** Files to be packed: pictures in folders, one with a name beyond ASCII, and what is no picture. */
async function folderToPack(): Promise<{ folder: string; work: string; ids: Map<string, string> }> {
  const work = await temporaryFolder();
  const folder = path.join(work, "in");
  const ids = new Map<string, string>();
  const names = ["b.png", "a/x.png", "a/deep/Größe 😀.png", "a/y.jpg", `long/${"n".repeat(120)}/z.png`];
  for (const [i, name] of names.entries()) {
    const bytes = await twoColours(i, 40 + i, 30)
      [name.endsWith("jpg") ? "jpeg" : "png"]()
      .toBuffer();
    ids.set(name, createHash("sha256").update(bytes).digest("hex"));
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  await writeFile(path.join(folder, "notes.md"), "no picture");
  await writeFile(path.join(folder, "a", ".hidden.png"), "hidden");
  return { folder, work, ids };
}

/** Names in the archive and the ids of what is read from there, as the saved paths of a model would be read. */
async function contentOf(archive: string): Promise<Map<string, string>> {
  const { images, skipped, root } = await findCollection(archive, {});
  expect(skipped).toEqual([]);
  expect(root).toBe(path.dirname(archive));
  const prefix = `${path.basename(archive)}!/`;
  const found = new Map<string, string>();
  for (const { path: name, location } of images) {
    expect(name.startsWith(prefix)).toBe(true);
    found.set(name.slice(prefix.length), (await readPicture(location)).id);
  }
  return found;
}

describe("archives of other programs", () => {
  it.skipIf(!hasZip)("Info-ZIP: deflated, stored, and streamed as zip64", async () => {
    const { folder, work, ids } = await folderToPack();
    const run = (...args: string[]): void => void execFileSync("zip", args, { cwd: folder, stdio: "pipe" });
    run("-qr", path.join(work, "deflated.zip"), ".");
    run("-qr0", path.join(work, "stored.zip"), ".");
    run("-qr", "-fz", path.join(work, "zip64.zip"), ".");
    for (const name of ["deflated.zip", "stored.zip", "zip64.zip"]) {
      expect(await contentOf(path.join(work, name))).toEqual(ids);
    }
  });

  it.skipIf(!hasTar)("GNU tar: in its own, the POSIX and the old format, packed or not", async () => {
    const { folder, work, ids } = await folderToPack();
    for (const format of ["gnu", "posix", "oldgnu"]) {
      const file = path.join(work, `${format}.tar`);
      execFileSync("tar", ["-cf", file, `--format=${format}`, "-C", folder, "."]);
      expect(await contentOf(file)).toEqual(ids);
      execFileSync("gzip", ["-k", file]);
      expect(await contentOf(`${file}.gz`)).toEqual(ids);
    }
  });

  it.skipIf(!hasPython)("Python's zipfile and tarfile", async () => {
    const { folder, work, ids } = await folderToPack();
    const script = `
import os, sys, zipfile, tarfile
names = [os.path.relpath(os.path.join(d, f), '.') for d, _, fs in os.walk('.') for f in fs]
with zipfile.ZipFile(sys.argv[1] + '/py.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    [z.write(n) for n in names]
with zipfile.ZipFile(sys.argv[1] + '/py64.zip', 'w') as z:
    for n in names:
        with z.open(n, 'w', force_zip64=True) as e: e.write(open(n, 'rb').read())
for mode, name in (('w', 'py.tar'), ('w:gz', 'py.tgz')):
    with tarfile.open(sys.argv[1] + '/' + name, mode) as t:
        [t.add(n) for n in names]
`;
    execFileSync("python3", ["-c", script, work], { cwd: folder });
    for (const name of ["py.zip", "py64.zip", "py.tar", "py.tgz"]) {
      expect(await contentOf(path.join(work, name))).toEqual(ids);
    }
  });

  it.skipIf(!hasPython)("names in code page 437 are read as such", async () => {
    const { work } = await folderToPack();
    const picture = await twoColours(3).png().toBuffer();
    await writeFile(path.join(work, "p.png"), picture);
    const script = `
import sys, zipfile
class Old(zipfile.ZipInfo):
    def _encodeFilenameFlags(self): return self.filename.encode('cp437'), 0
with zipfile.ZipFile('old.zip', 'w') as z: z.writestr(Old('Größe.png'), open('p.png','rb').read())
`;
    execFileSync("python3", ["-c", script], { cwd: work });
    expect([...(await contentOf(path.join(work, "old.zip"))).keys()]).toEqual(["Größe.png"]);
  });
});

describe("archives", () => {
  it.skipIf(!hasPython)(
    "keep the order of their entries, and lie among files by their own name",
    async () => {
      const { work } = await folderToPack();
      await writeFile(path.join(work, "c.png"), await twoColours(1).png().toBuffer());
      await writeFile(path.join(work, "a.png"), await twoColours(2).png().toBuffer());
      const script = `
import zipfile
with zipfile.ZipFile('b.zip', 'w') as z:
    for n in ('z.png', 'm.png', 'a.png'): z.write('c.png', n)
`;
      execFileSync("python3", ["-c", script], { cwd: work });
      const names = ["c.png", "b.zip", "a.png"].map((name) => path.join(work, name));
      const { images } = await findCollection(names, {});
      expect(images.map((image) => image.path)).toEqual([
        "a.png",
        "b.zip!/z.png",
        "b.zip!/m.png",
        "b.zip!/a.png",
        "c.png",
      ]);
    },
  );

  it.skipIf(!hasPython)(
    "skip names that lead out, links, doubles and what is encrypted, each with its reason",
    async () => {
      const { work } = await folderToPack();
      const script = `
import io, tarfile, zipfile, warnings
warnings.simplefilter('ignore')
picture = open('in/b.png', 'rb').read()
other = open('in/a/x.png', 'rb').read()
with zipfile.ZipFile('bad.zip', 'w') as z:
    z.writestr('../up.png', picture)
    z.writestr('/etc/root.png', picture)
    z.writestr('twice.png', other)
    z.writestr('twice.png', picture)
    z.writestr('a//./b.png', picture)
    z.writestr('back\\\\slash.png', picture)
with tarfile.open('bad.tar', 'w') as t:
    def add(name, data, **more):
        info = tarfile.TarInfo(name); info.size = len(data)
        for key, value in more.items(): setattr(info, key, value)
        t.addfile(info, io.BytesIO(data))
    add('../up.png', picture)
    add('/root.png', picture)
    add('twice.png', other)
    add('twice.png', picture)
    add('link.png', b'', type=tarfile.SYMTYPE, linkname='/etc/passwd')
    add('./fine.png', picture)
`;
      execFileSync("python3", ["-c", script], { cwd: work });
      const kept = (await readPicture(path.join(work, "in/b.png"))).id;
      const zip = await findCollection(path.join(work, "bad.zip"), {});
      expect(zip.images.map((image) => image.path)).toEqual([
        "bad.zip!/twice.png",
        "bad.zip!/a/b.png",
        "bad.zip!/back/slash.png",
      ]);
      expect(zip.skipped.map(({ path: name, code }) => [name, code]).sort()).toEqual([
        ["bad.zip!/../up.png", "bad-name"],
        ["bad.zip!//etc/root.png", "bad-name"],
        ["bad.zip!/twice.png", "replaced"],
      ]);
      const tar = await findCollection(path.join(work, "bad.tar"), {});
      expect(tar.images.map((image) => image.path)).toEqual(["bad.tar!/twice.png", "bad.tar!/fine.png"]);
      expect(tar.skipped.map(({ path: name, code }) => [name, code]).sort()).toEqual([
        ["bad.tar!/../up.png", "bad-name"],
        ["bad.tar!//root.png", "bad-name"],
        ["bad.tar!/link.png", "link"],
        ["bad.tar!/twice.png", "replaced"],
      ]);
      for (const { location } of [...zip.images, ...tar.images]) {
        expect((await readPicture(location)).id).toBe(kept);
      }
    },
  );

  it.skipIf(!hasZip || !hasPython)("that are encrypted or packed in another way say so", async () => {
    const { folder, work } = await folderToPack();
    execFileSync("zip", ["-qP", "secret", path.join(work, "locked.zip"), "b.png"], { cwd: folder });
    const script = "import sys, zipfile; zipfile.ZipFile('bzip2.zip', 'w', 12).write('in/b.png', 'b.png')";
    execFileSync("python3", ["-c", script], { cwd: work });
    const names = ["locked.zip", "bzip2.zip"].map((name) => path.join(work, name));
    const { skipped } = await findCollection([...names, path.join(folder, "b.png")], {});
    expect(skipped).toEqual([
      {
        path: "bzip2.zip!/b.png",
        code: "unsupported",
        reason: "packed by method 12, which is not known here",
      },
      { path: "locked.zip!/b.png", code: "encrypted", reason: "encrypted: the archive needs a password" },
    ]);
  });

  it.skipIf(!hasPython)("that are bombs are not unpacked", async () => {
    const { work } = await folderToPack();
    const script = `
import io, zipfile, tarfile
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('flat.png', b'\\0' * (20 << 20))
    z.write('in/b.png', 'b.png')
with zipfile.ZipFile('liar.zip', 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('liar.png', b'\\0' * (20 << 20))
data = bytearray(open('liar.zip', 'rb').read())
for mark, at in ((b'PK\\x03\\x04', 22), (b'PK\\x01\\x02', 24)):
    i = data.index(mark); data[i + at:i + at + 4] = (1000).to_bytes(4, 'little')
open('liar.zip', 'wb').write(data)
with tarfile.open('bomb.tar.gz', 'w:gz') as t:
    info = tarfile.TarInfo('flat.png'); info.size = 20 << 20
    t.addfile(info, io.BytesIO(b'\\0' * info.size))
    t.add('in/b.png', 'b.png')
`;
    execFileSync("python3", ["-c", script], { cwd: work });
    const bombs = ["bomb.zip", "bomb.tar.gz"].map((name) => path.join(work, name));
    const { images, skipped } = await findCollection(bombs, {});
    expect(images.map((image) => image.path)).toEqual(["bomb.tar.gz!/b.png", "bomb.zip!/b.png"]);
    expect(skipped.map(({ path: name, code }) => [name, code])).toEqual([
      ["bomb.tar.gz!/flat.png", "too-large"],
      ["bomb.zip!/flat.png", "too-large"],
    ]);
    // One that lies about its size is found out while it is unpacked.
    await expect(readPicture(`${path.join(work, "liar.zip")}!/liar.png`)).rejects.toThrow("damaged");
  });

  it.skipIf(!hasTar || !hasZip)("that break off give what lies before the break", async () => {
    const { folder, work, ids } = await folderToPack();
    execFileSync("tar", ["-cf", path.join(work, "cut.tar"), "-C", folder, ...ids.keys()]);
    execFileSync("tar", ["-czf", path.join(work, "cut.tgz"), "-C", folder, ...ids.keys()]);
    execFileSync("zip", ["-qr", path.join(work, "cut.zip"), "."], { cwd: folder });
    for (const name of ["cut.tar", "cut.tgz", "cut.zip"]) {
      const file = path.join(work, name);
      await truncate(file, Math.floor((await readFile(file)).length * (name === "cut.tgz" ? 0.7 : 0.4)) + 1);
      const { images, skipped } = await findCollection([file, path.join(folder, "b.png")], {});
      expect(skipped.map((file) => [file.path, file.code])).toContainEqual([name, "damaged"]);
      for (const { location, path: shown } of images) {
        const id = await readPicture(location).then(
          (picture) => picture.id,
          (error: Error) => error.message,
        );
        const expected = ids.get(shown.split("!/")[1] ?? "b.png");
        const breaks = [
          "truncated: the archive ends too early",
          "damaged: the tar archive breaks off or cannot be read further",
        ];
        expect([expected, ...breaks]).toContain(id);
      }
    }
  });

  it.skipIf(!hasTar)("packed with gzip are read in any order", async () => {
    const { folder, work, ids } = await folderToPack();
    const file = path.join(work, "any.tar.gz");
    execFileSync("tar", ["-czf", file, "-C", folder, ...ids.keys()]);
    const names = [...ids.keys()];
    for (const order of [names.toReversed(), names, [names[2]!, names[0]!, names[4]!, names[1]!]]) {
      const read = await Promise.all(order.map((name) => readPicture(`${file}!/${name}`)));
      expect(read.map(({ id }) => id)).toEqual(order.map((name) => ids.get(name)));
    }
    await expect(readPicture(`${file}!/gone.png`)).rejects.toThrow("no such entry");
  });

  it.skipIf(!hasZip)("that change are looked into anew", async () => {
    const { folder, work, ids } = await folderToPack();
    const file = path.join(work, "now.zip");
    execFileSync("zip", ["-q", file, "b.png"], { cwd: folder });
    expect((await readPicture(`${file}!/b.png`)).id).toBe(ids.get("b.png"));
    await writeFile(path.join(folder, "b.png"), await twoColours(50).png().toBuffer());
    execFileSync("zip", ["-q", path.join(work, "new.zip"), "b.png"], { cwd: folder });
    await rename(path.join(work, "new.zip"), file);
    expect((await readPicture(`${file}!/b.png`)).id).toBe((await readPicture(path.join(folder, "b.png"))).id);
  });

  it.skipIf(!hasZip)("do not hide files of a folder whose name ends in an exclamation mark", async () => {
    const { folder, work, ids } = await folderToPack();
    execFileSync("zip", ["-q", path.join(work, "p.zip"), "b.png"], { cwd: folder });
    await mkdir(path.join(work, "p.zip!"));
    await writeFile(path.join(work, "p.zip!", "b.png"), await twoColours(60).png().toBuffer());
    const { skipped, images } = await findCollection(
      [path.join(work, "p.zip"), path.join(work, "p.zip!")],
      {},
    );
    expect(images.map((image) => image.path)).toEqual(["p.zip!/b.png"]);
    expect(skipped).toEqual([expect.objectContaining({ path: "p.zip", code: "bad-name" })]);
    expect((await readPicture(images[0]!.location)).id).not.toBe(ids.get("b.png"));
  });

  it("named like archives that are none are told, not fatal", async () => {
    const work = await temporaryFolder();
    await writeFile(path.join(work, "no.zip"), "this is no archive");
    await writeFile(path.join(work, "no.tar"), "this is no archive");
    await writeFile(path.join(work, "empty.zip"), "");
    await writeFile(path.join(work, "empty.tar"), "");
    await writeFile(path.join(work, "no.tar.gz"), Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    await writeFile(path.join(work, "ok.png"), await twoColours(1).png().toBuffer());
    const names = ["no.zip", "no.tar", "no.tar.gz", "empty.zip", "empty.tar", "ok.png"];
    const { images, skipped } = await findCollection(
      names.map((name) => path.join(work, name)),
      {},
    );
    expect(images.map((image) => image.path)).toEqual(["ok.png"]);
    expect(skipped.map(({ path: name, code }) => [name, code])).toEqual([
      ["empty.zip", "damaged"],
      ["no.tar", "damaged"],
      ["no.tar.gz", "damaged"],
      ["no.zip", "damaged"],
    ]);
  });

  it.skipIf(!hasTar)("read ten gigabytes of tar without reading them", async () => {
    const work = await temporaryFolder();
    await writeFile(path.join(work, "b.png"), await twoColours(1).png().toBuffer());
    await writeFile(path.join(work, "hole.mov"), "");
    await truncate(path.join(work, "hole.mov"), 10 * 2 ** 30);
    await symlink("b.png", path.join(work, "l.png"));
    const file = path.join(work, "big.tar");
    // Not -S: the hole is written out as the zeros it stands for, so the archive is made of holes itself.
    execFileSync("tar", ["-cf", file, "b.png"], { cwd: work });
    const header = await readFile(file);
    const big = Buffer.from(header.subarray(0, 512));
    big.write("hole.mov\0", 0);
    big.write(`${(10 * 2 ** 30).toString(8).padStart(11, "0")}\0`, 124);
    const end = 1024 + 10 * 2 ** 30;
    big.fill(" ", 148, 156);
    const sum = big.reduce((total, byte) => total + byte, 0);
    big.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    await writeFile(file, big);
    await truncate(file, end - 512);
    await appendFile(file, header);
    const { images, skipped } = await findCollection(file, {});
    expect(skipped).toEqual([]);
    expect(images.map((image) => image.path)).toEqual(["big.tar!/b.png"]);
    expect((await readPicture(images[0]!.location)).bytes).toEqual(await readFile(path.join(work, "b.png")));
  });
});

describe("webdataset shards", () => {
  it.skipIf(!hasTar)("bring captions and columns", async () => {
    const work = await temporaryFolder();
    const folder = path.join(work, "in");
    await mkdir(folder);
    for (let i = 0; i < 3; i++) {
      await writeFile(path.join(folder, `00${i}.jpg`), await twoColours(i).jpeg().toBuffer());
      if (i < 2) await writeFile(path.join(folder, `00${i}.txt`), `caption ${i}\n`);
      await writeFile(path.join(folder, `00${i}.json`), JSON.stringify({ width: 40 + i, label: `l${i}` }));
      await writeFile(path.join(folder, `00${i}.cls`), String(i));
    }
    await writeFile(path.join(folder, "001.json"), "not json");
    for (const name of ["shard.tar", "shard.tar.gz"]) {
      const file = path.join(work, name);
      execFileSync("tar", [name.endsWith("gz") ? "-czf" : "-cf", file, "-C", folder, "."]);
      const { images } = await findCollection(file, {});
      const said = new Map(images.map((image) => [path.basename(image.path), image.metadata]));
      expect(said.get("000.jpg")).toEqual({
        captions: ["caption 0"],
        cells: { class: "0", width: 40, label: "l0" },
      });
      expect(said.get("001.jpg")).toEqual({ captions: ["caption 1"], cells: { class: "1" } });
      expect(said.get("002.jpg")).toEqual({ captions: [], cells: { class: "2", width: 42, label: "l2" } });
    }
  });
});
