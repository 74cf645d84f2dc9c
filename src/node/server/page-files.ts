import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ApiFault, notFound } from "./api-fault.ts";
import { KeptAnswer } from "./kept-answer.ts";

/** The explorer's page, made by `npm run build`. */
const PAGE: string = fileURLToPath(new URL("../../../dist/web/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const COMPRESSED = [".woff2", ".png"];

/** The build puts a hash of its content into the name of every file in this folder. */
const HASHED = "/assets/";

/** The files of the page, by their addresses: what is not in the folder when it is opened has none. */
export class PageFiles {
  private readonly folder: string;
  private files: Promise<ReadonlyMap<string, KeptAnswer>> | null = null;

  constructor(folder: string = PAGE) {
    this.folder = folder;
  }

  /** Whether the page was built. */
  async isThere(): Promise<boolean> {
    return (await this.read()).has("/");
  }

  /** @throws ApiFault (404) for what is no file of the page, (503) when it was not built */
  async respond(address: string, request: Request): Promise<Response> {
    const files = await this.read();
    if (!files.has("/")) throw notBuilt();
    const file = files.get(address);
    if (file === undefined) throw notFound("There is no such page");
    return file.respond(request);
  }

  /** Kept once it is there: before, it may still be built. */
  private async read(): Promise<ReadonlyMap<string, KeptAnswer>> {
    this.files ??= readPage(this.folder);
    const files = await this.files;
    if (!files.has("/")) this.files = null;
    return files;
  }
}

async function readPage(folder: string): Promise<ReadonlyMap<string, KeptAnswer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, KeptAnswer>();
  for (const entry of entries) {
    const extension = path.extname(entry.name);
    const type = TYPES[extension];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const address = `/${path.relative(folder, file).split(path.sep).join("/")}`;
    const bytes = new Uint8Array(await readFile(file));
    const kept = new KeptAnswer(bytes, {
      type,
      tag: createHash("sha256").update(bytes).digest("hex").slice(0, 16),
      compresses: !COMPRESSED.includes(extension),
      cache: address.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
    });
    files.set(address, kept);
    if (address === "/index.html") files.set("/", kept);
  }
  return files;
}

function notBuilt(): ApiFault {
  return new ApiFault(503, {
    code: "NO_PAGE",
    message: "The page of the explorer is not there",
    hint: "Run npm run build, or install the package again.",
  });
}
