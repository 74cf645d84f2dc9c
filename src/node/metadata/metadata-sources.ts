import { stat } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import { COLUMN_LIMITS } from "../../core/image-columns.ts";
import type { ImageColumn, ImageTable } from "../../core/model.ts";
import type { ImageList } from "../../core/pipeline.ts";
import { fileNameCaption } from "../captions/file-name-caption.ts";
import { sidecarCaptions } from "../captions/sidecar-caption.ts";
import { orderedMap } from "../images/ordered-map.ts";
import { locate } from "../inputs/location.ts";
import { applyTable, type MetadataTable, readMetadataTable, type TableReport } from "./metadata-table.ts";
import { PictureMatcher } from "./picture-match.ts";
import { NO_METADATA, type PictureMetadata, saysSomething } from "./picture-metadata.ts";
import { boundedText, cellText } from "./typed-column.ts";

/** What pictures bring along beside their pixels. */
export interface MetadataOptions {
  /**
   * Where captions come from, in this order: `"filename"` (the words of the file's name), `"sidecar"` (`a.txt` beside
   * `a.jpg`), `"exif"` (title, description and keywords of EXIF, IPTC and XMP), or a table (`.csv`, `.tsv`, `.jsonl`,
   * `.parquet`), whose other columns are kept as columns. Default none.
   */
  readonly captions?: readonly string[] | undefined;
  /**
   * Where columns come from: `"exif"` (date, camera, place, title, description and keywords, as far as the pictures themselves say
   * so), or tables. Default `["exif"]`; `[]` for none.
   */
  readonly columns?: readonly string[] | undefined;
  /** The column of tables that names the pictures: by path, by base name or by content hash. */
  readonly key?: string | undefined;
  /** The column of tables that holds captions. */
  readonly captionColumn?: string | undefined;
}

/** What came of the sources, so that nothing is lost silently. */
export interface MetadataReport {
  /** Pictures with at least one caption; null where none were asked for. */
  readonly captioned: number | null;
  /** Names of the columns kept. */
  readonly columns: readonly string[];
  readonly tables: readonly TableReport[];
  /** Sidecar files that are there and could not be read. */
  readonly unreadableSidecars: number;
  /** Columns left out: their name was taken, empty or too long, or there were too many. */
  readonly droppedColumns: readonly string[];
}

type Inspector = (path: string, bytes: Uint8Array) => Promise<void>;

type Metadata = Pick<ImageTable, "columns" | "captions"> & { readonly report: MetadataReport };

/** Columns of what pictures say of themselves, in order. */
const EXIF_TYPES: Readonly<Record<keyof PictureMetadata, ImageColumn["type"]>> = {
  taken: "date",
  camera: "text",
  latitude: "number",
  longitude: "number",
  title: "text",
  description: "text",
  keywords: "text",
};

export const EXIF_COLUMNS: readonly string[] = Object.keys(EXIF_TYPES);

const DEFAULT_COLUMNS = ["exif"];
const WORDS_FOR_SOURCES = ["filename", "sidecar", "exif"];

/**
 * The sources of captions and columns, opened before a fit so that a mistyped name is told at once, looked into while
 * pictures are read anyway, and brought together when the pictures are known.
 */
export class MetadataSources {
  private readonly captions: readonly string[];
  private readonly columns: readonly string[];
  private readonly tables: ReadonlyMap<string, MetadataTable>;
  private readonly inside = new Map<string, PictureMetadata>();

  private constructor(options: MetadataOptions, tables: ReadonlyMap<string, MetadataTable>) {
    this.captions = options.captions ?? [];
    this.columns = options.columns ?? DEFAULT_COLUMNS;
    this.tables = tables;
  }

  /** @throws InputError for an unknown source or a table without the columns; FormatError for an unreadable table */
  static async open(options: MetadataOptions): Promise<MetadataSources> {
    const tables = new Map<string, MetadataTable>();
    const { key, captionColumn, captions = [], columns = DEFAULT_COLUMNS } = options;
    for (const source of [...captions, ...columns]) {
      if (isWord(source, captions.includes(source)) || tables.has(source)) continue;
      await assertFile(source);
      const column = captions.includes(source) ? captionColumn : null;
      tables.set(source, await readMetadataTable(source, { key, captionColumn: column }));
    }
    return new MetadataSources(options, tables);
  }

  /**
   * To be called with each picture as it is read; undefined where no source needs that.
   *
   * @param describe reads what a picture says of itself
   */
  inspector(describe: (picture: Uint8Array) => Promise<PictureMetadata>): Inspector | undefined {
    if (!this.captions.includes("exif") && !this.columns.includes("exif")) return undefined;
    return async (name, bytes) => {
      const metadata = await describe(bytes);
      if (saysSomething(metadata)) this.inside.set(name, metadata);
    };
  }

  /** Captions and columns of the pictures, in their order. */
  async gather(images: ImageList): Promise<Metadata> {
    const rows = images.paths.length;
    const matcher = new PictureMatcher(images);
    const applied = new Map(
      Array.from(this.tables, ([source, table]) => [source, applyTable(table, matcher, rows)]),
    );
    const captions: string[][] = Array.from({ length: rows }, () => []);
    let unreadableSidecars = 0;
    for (const source of this.captions) {
      const found = applied.get(source)?.captions ?? (await this.pictureCaptions(source, images));
      found.forEach((texts, row) => {
        if (texts === null) unreadableSidecars++;
        else captions[row]!.push(...texts.map(boundedText).filter((text) => text !== ""));
      });
    }
    const offered = Array.from(applied.values(), ({ columns }) => columns).flat();
    if (this.columns.includes("exif")) {
      // What a table says of the same name goes before.
      const taken = new Set(offered.map(({ name }) => name));
      offered.push(...this.exifColumns(images).filter(({ name }) => !taken.has(name)));
    }
    const { columns, droppedColumns } = keptColumns(offered);
    const bounded = captions.map((texts) => [...new Set(texts)].slice(0, COLUMN_LIMITS.captions));
    return {
      columns,
      captions: this.captions.length === 0 ? null : bounded,
      report: {
        captioned: this.captions.length === 0 ? null : bounded.filter((texts) => texts.length > 0).length,
        columns: columns.map(({ name }) => name),
        tables: Array.from(applied.values(), ({ report }) => report),
        unreadableSidecars,
        droppedColumns,
      },
    };
  }

  private async pictureCaptions(source: string, images: ImageList): Promise<(string[] | null)[]> {
    if (source === "filename") return images.paths.map((name) => [fileNameCaption(name)]);
    if (source === "exif") return images.paths.map((name) => insideCaptions(this.inside.get(name)));
    const { root } = images;
    if (root === null) return images.paths.map(() => []);
    const found: (string[] | null)[] = [];
    const read = orderedMap(images.paths, { concurrency: 16, ahead: 64 }, (name) =>
      sidecarCaptions(locate(root, name)),
    );
    for await (const texts of read) found.push(texts);
    return found;
  }

  private exifColumns({ paths }: ImageList): ImageColumn[] {
    const inside = paths.map((name) => this.inside.get(name) ?? NO_METADATA);
    const types = Object.entries(EXIF_TYPES) as [keyof PictureMetadata, ImageColumn["type"]][];
    const columns = types.map(([name, type]): ImageColumn => {
      if (type === "text") return { name, type, values: inside.map((metadata) => cellText(metadata[name])) };
      return {
        name,
        type,
        values: Float64Array.from(inside, (metadata) => Number(metadata[name] ?? Number.NaN)),
      };
    });
    return columns.filter(({ values }) => values.some((value) => value !== "" && !Number.isNaN(value)));
  }
}

function isWord(source: string, forCaptions: boolean): boolean {
  return forCaptions ? WORDS_FOR_SOURCES.includes(source) : source === "exif";
}

async function assertFile(source: string): Promise<void> {
  const there = await stat(source).then(
    (status) => status.isFile(),
    () => false,
  );
  if (there) return;
  throw new InputError("A source of captions or columns was not found", {
    expected: "a table (.csv, .tsv, .jsonl, .parquet), exif, or for captions sidecar or filename",
    found: JSON.stringify(source.slice(0, 200)),
    hint: "Check the spelling.",
  });
}

function insideCaptions(metadata: PictureMetadata | undefined): string[] {
  if (metadata === undefined) return [];
  const { title, description, keywords } = metadata;
  return [title ?? "", description ?? "", keywords.join(", ")];
}

/** Of columns with one name the first stays; names and numbers stay within what a model holds. */
function keptColumns(offered: readonly ImageColumn[]): { columns: ImageColumn[]; droppedColumns: string[] } {
  const columns = new Map<string, ImageColumn>();
  const droppedColumns: string[] = [];
  for (const column of offered) {
    const name = boundedText(column.name);
    const fits = name !== "" && name.length <= COLUMN_LIMITS.name && columns.size < COLUMN_LIMITS.columns;
    if (!fits || columns.has(name)) droppedColumns.push(name);
    else columns.set(name, { ...column, name });
  }
  return { columns: [...columns.values()], droppedColumns };
}
