import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findCollection } from "../../../src/node/inputs/collection.ts";
import { readPathList } from "../../../src/node/inputs/path-list.ts";
import { temporaryFolder } from "../images/pictures.ts";

async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), name);
  }
  return folder;
}

const pathsOf = (found: { images: readonly { path: string }[] }) => found.images.map((image) => image.path);

describe("findCollection in folders", () => {
  it("finds pictures at any depth, sorted by bytes, and counts the rest", async () => {
    const folder = await folderWith(
      "b.JPG",
      "B/deep/er/x.webp",
      "a b.png",
      "ä.png",
      "\u{1F600}.png",
      "\uFF5E.png",
      "line\nbreak.gif",
      "notes.txt",
      "more.TXT",
      "README",
      "drawing.svg",
      ".hidden.png",
      ".git/x.png",
    );
    const found = await findCollection(folder, {});
    // UTF-8 puts U+FF5E before U+1F600; UTF-16 would not.
    expect(pathsOf(found)).toEqual([
      "B/deep/er/x.webp",
      "a b.png",
      "b.JPG",
      "line\nbreak.gif",
      "ä.png",
      "\uFF5E.png",
      "\u{1F600}.png",
    ]);
    expect(found.ignored).toEqual({ "(hidden)": 2, "(none)": 1, svg: 1, txt: 2 });
    expect(found.skipped).toEqual([]);
    expect(found.images[0]!.location).toBe(path.join(folder, "B/deep/er/x.webp"));
  });

  it("lists broken links, loops of files and links that lead back up", async () => {
    const folder = await folderWith("good.png", "sub/other.png");
    await symlink("nowhere.png", path.join(folder, "broken.png"));
    await symlink("loop-b.png", path.join(folder, "loop-a.png"));
    await symlink("loop-a.png", path.join(folder, "loop-b.png"));
    await symlink("..", path.join(folder, "sub", "up"));
    await symlink(".", path.join(folder, "self"));
    await symlink("good.png", path.join(folder, "alias.png"));
    const found = await findCollection(folder, {});
    expect(pathsOf(found)).toEqual(["alias.png", "good.png", "sub/other.png"]);
    expect(Object.fromEntries(found.skipped.map(({ path: name, reason }) => [name, reason]))).toEqual({
      "broken.png": "broken symbolic link",
      "loop-a.png": "symbolic link loop",
      "loop-b.png": "symbolic link loop",
      self: "symbolic link loop: leads back to a folder it lies in",
      "sub/up": "symbolic link loop: leads back to a folder it lies in",
    });
  });

  it("follows links to folders once, real folders first", async () => {
    const outside = await folderWith("far.png", "nested/deeper.png");
    const folder = await folderWith("zoo/near.png");
    await symlink(outside, path.join(folder, "link-1"));
    await symlink(outside, path.join(folder, "link-2"));
    await symlink(path.join(folder, "zoo"), path.join(folder, "a-zoo"));
    const found = await findCollection(folder, {});
    expect(pathsOf(found)).toEqual(["link-1/far.png", "link-1/nested/deeper.png", "zoo/near.png"]);
    expect(found.skipped).toEqual([
      { path: "a-zoo", code: "link", reason: "symbolic link to a folder already read" },
      { path: "link-2", code: "link", reason: "symbolic link to a folder already read" },
    ]);
  });

  it("lists what is no file and never waits for a pipe", async () => {
    const folder = await folderWith("good.png");
    execFileSync("mkfifo", [path.join(folder, "pipe.png")]);
    const found = await findCollection(folder, {});
    expect(found.skipped).toEqual([
      { path: "pipe.png", code: "not-a-file", reason: "not a regular file (pipe, socket or device)" },
    ]);
  });

  it("lists a folder it may not read", async () => {
    const folder = await folderWith("good.png", "locked/x.png");
    await chmod(folder, 0o755);
    await chmod(path.join(folder, "locked"), 0);
    // Root may read everything, so the search runs as nobody meanwhile.
    const asRoot = process.geteuid!() === 0;
    if (asRoot) process.seteuid!(65534);
    onTestFinished(() => {
      if (asRoot) process.seteuid!(0);
    });
    const found = await findCollection(folder, {});
    if (asRoot) process.seteuid!(0);
    expect(pathsOf(found)).toEqual(["good.png"]);
    expect(found.skipped).toEqual([{ path: "locked", code: "no-permission", reason: "permission denied" }]);
  });

  it("takes files named outright, relative to the folder they share, and lists the missing ones", async () => {
    const folder = await folderWith("in/photo", "in/b.png", "c.png");
    const names = ["in/photo", "in/b.png", "in/../in/b.png", "in/gone.png", "c.png"];
    const found = await findCollection(
      names.map((name) => path.join(folder, name)),
      {},
    );
    expect(found.root).toBe(folder);
    expect(pathsOf(found)).toEqual(["c.png", "in/b.png", "in/photo"]);
    expect(found.skipped).toEqual([{ path: "in/gone.png", code: "not-found", reason: "file not found" }]);
  });

  it("throws when nothing is there", async () => {
    await expect(findCollection("/no/such/folder", {})).rejects.toThrow("nothing at");
  });

  it("stops when aborted", async () => {
    const folder = await folderWith("a.png");
    await expect(findCollection(folder, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});

describe("readPathList", () => {
  it("keeps order and duplicates, reads CRLF and NUL", async () => {
    const folder = await folderWith();
    const list = path.join(folder, "list");
    await writeFile(list, "b c.png\r\n#a.png\n\nb c.png\nü.png");
    expect(await readPathList(list)).toEqual(["b c.png", "#a.png", "b c.png", "ü.png"]);
    await writeFile(list, "a\nb.png\0c.png\0");
    expect(await readPathList(list)).toEqual(["a\nb.png", "c.png"]);
  });

  it("refuses what is no text, and says so", async () => {
    const folder = await folderWith();
    await writeFile(path.join(folder, "list"), Buffer.from([0xff, 0xfe, 0x80]));
    await expect(readPathList(path.join(folder, "list"))).rejects.toThrow("expected a text file");
    await expect(readPathList(path.join(folder, "none"))).rejects.toThrow("file not found");
  });
});
