import type { Sheet } from "./sheet.ts";

/** Sheets that no disk would take, up to a number of bytes; those not asked for longest go first. */
export class SheetMemory {
  private readonly sheets = new Map<string, Sheet>();
  private readonly mostBytes: number;
  private bytes = 0;
  private dropped = false;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  get size(): number {
    return this.sheets.size;
  }

  /** Whether a sheet had to go to make room. */
  get isFull(): boolean {
    return this.dropped;
  }

  get(name: string): Sheet | null {
    const sheet = this.sheets.get(name);
    if (sheet === undefined) return null;
    // Maps keep the order of insertion: the last is the one asked for last.
    this.sheets.delete(name);
    this.sheets.set(name, sheet);
    return sheet;
  }

  put(name: string, sheet: Sheet): void {
    this.delete(name);
    this.sheets.set(name, sheet);
    this.bytes += sheet.bytes.length;
    for (const oldest of this.sheets.keys()) {
      if (this.bytes <= this.mostBytes) return;
      this.dropped = true;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.bytes -= this.sheets.get(name)?.bytes.length ?? 0;
    this.sheets.delete(name);
  }
}
