import { matrix } from "../../core/math/matrix.ts";
import type { EmbeddedImages, EmbedProgress } from "./embed-images.ts";
import type { SkippedFile } from "./image-file.ts";

/** The result of embedding images, as it grows row by row. */
export class VectorRows {
  private readonly paths: string[] = [];
  private readonly ids: string[] = [];
  private readonly bytes: Float64Array;
  private readonly data: Float32Array;
  private readonly dimensions: number;
  private readonly skipped: SkippedFile[] = [];
  private readonly rowOf = new Map<string, number>();
  private readonly skippedOf = new Map<string, SkippedFile>();
  private embedded = 0;
  private cached = 0;
  private readBytes = 0;

  /** @param capacity most rows there can be; the system commits their memory only as they are filled */
  constructor(capacity: number, dimensions: number) {
    this.bytes = new Float64Array(capacity);
    this.data = new Float32Array(capacity * dimensions);
    this.dimensions = dimensions;
  }

  add(path: string, id: string, size: number, vector: Float32Array, origin: "embedded" | "cached"): void {
    const row = this.paths.length;
    this.data.set(vector, row * this.dimensions);
    this.bytes[row] = size;
    this.readBytes += size;
    this.paths.push(path);
    this.ids.push(id);
    if (!this.rowOf.has(id)) this.rowOf.set(id, row);
    if (origin === "embedded") this.embedded++;
    else this.cached++;
  }

  /** @param id of the content; empty when it could not be read */
  skip(file: SkippedFile, id: string): void {
    this.skipped.push(file);
    if (id !== "") this.skippedOf.set(id, file);
  }

  /** A file equal to an earlier one shares its vector, or its reason. */
  repeat(path: string, id: string, size: number): void {
    const row = this.rowOf.get(id);
    if (row === undefined) {
      this.skip({ ...this.skippedOf.get(id)!, path }, id);
    } else {
      const start = row * this.dimensions;
      this.add(path, id, size, this.data.subarray(start, start + this.dimensions), "cached");
    }
  }

  progress(total: number): EmbedProgress {
    const skipped = this.skipped.length;
    const { embedded, cached } = this;
    return { done: embedded + cached + skipped, total, embedded, cached, skipped, bytes: this.readBytes };
  }

  result(): EmbeddedImages {
    const rows = this.paths.length;
    const { paths, ids, skipped, embedded, cached, dimensions } = this;
    const vectors = matrix(this.data.subarray(0, rows * dimensions), rows, dimensions);
    return { paths, ids, bytes: this.bytes.subarray(0, rows), vectors, skipped, embedded, cached };
  }
}
