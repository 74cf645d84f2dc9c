import { beforeEach, describe, expect, it } from "vitest";
import { PageCache } from "../../../src/web/map/page-cache.ts";
import { cellOf, sheetKey, sheetOf, wantedSheets } from "../../../src/web/map/sheet-cells.ts";

interface Asked {
  readonly key: number;
  readonly signal: AbortSignal;
  come(): void;
  fail(): void;
}

describe("PageCache", () => {
  let asked: Asked[];
  let placed: [key: number, slot: number][];
  let changes: number;
  let time: number;
  let cache: PageCache<number>;
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  beforeEach(() => {
    asked = [];
    placed = [];
    changes = 0;
    time = 0;
    cache = new PageCache<number>({
      capacity: 3,
      inFlight: 2,
      now: () => time,
      onChange: () => changes++,
      place: (key, slot) => placed.push([key, slot]),
      load: (key, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          asked.push({ key, signal, come: () => resolve(key), fail: () => reject(new Error("no")) });
        }),
    });
  });
  const keys = (): number[] => asked.map(({ key }) => key);

  it("fetches a few at a time, the most wanted first", async () => {
    cache.want([7, 8, 9]);
    expect(keys()).toEqual([7, 8]);
    asked[0]!.come();
    await settle();
    expect(keys()).toEqual([7, 8, 9]);
    expect(cache.get(7)).toEqual({ slot: 0, since: 0 });
    expect(changes).toBe(1);
  });

  it("does not fetch what is on its way or there", async () => {
    cache.want([1]);
    cache.want([1]);
    asked[0]!.come();
    await settle();
    cache.want([1]);
    expect(keys()).toEqual([1]);
  });

  it("aborts what nobody wants any more, and forgets its answer", async () => {
    cache.want([1, 2]);
    cache.want([2]);
    expect(asked[0]!.signal.aborted).toBe(true);
    expect(asked[1]!.signal.aborted).toBe(false);
    asked[0]!.come();
    await settle();
    expect(cache.get(1)).toBeUndefined();
    expect(placed).toEqual([]);
  });

  it("gives the slot of the page wanted longest ago to a new one", async () => {
    for (const key of [1, 2, 3]) {
      cache.want([key]);
      asked.at(-1)!.come();
      await settle();
    }
    cache.want([1, 4]);
    asked.at(-1)!.come();
    await settle();
    expect(cache.get(2)).toBeUndefined();
    expect(cache.get(1)?.slot).toBe(0);
    expect(cache.get(4)?.slot).toBe(1);
    expect(placed).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
    ]);
  });

  it("never wants more than it can keep", async () => {
    cache.want([1, 2, 3, 4, 5]);
    for (let i = 0; i < 3; i++) {
      asked[i]!.come();
      await settle();
    }
    expect(keys()).toEqual([1, 2, 3]);
  });

  it("asks again for a page that could not be fetched, but not at once", async () => {
    cache.want([1]);
    asked[0]!.fail();
    await settle();
    cache.want([1]);
    expect(keys()).toEqual([1]);
    time = 5000;
    cache.want([1]);
    expect(keys()).toEqual([1, 1]);
    asked[1]!.come();
    await settle();
    expect(cache.get(1)?.since).toBe(5000);
  });

  it("forgets everything on demand, what is on its way too", async () => {
    cache.want([1, 2]);
    asked[0]!.come();
    await settle();
    cache.clear();
    asked[1]!.come();
    await settle();
    expect(cache.get(1)).toBeUndefined();
    expect(cache.get(2)).toBeUndefined();
    expect(cache.isSettled).toBe(true);
  });
});

describe("cells of sheets", () => {
  const levels = [
    { cell: 32, columns: 32, rows: 32, sheets: 3 },
    { cell: 128, columns: 8, rows: 8, sheets: 40 },
  ];

  it("lie row by row", () => {
    expect(cellOf(1024 + 33, levels[0]!)).toEqual({
      sheet: 1,
      left: 1 / 32,
      top: 1 / 32,
      width: 1 / 32,
      height: 1 / 32,
    });
    expect(cellOf(63, levels[1]!)).toEqual({
      sheet: 0,
      left: 7 / 8,
      top: 7 / 8,
      width: 1 / 8,
      height: 1 / 8,
    });
  });

  it("have keys that say level and sheet", () => {
    for (const [level, sheet] of [
      [0, 0],
      [1, 0],
      [1, 15_624],
    ] as const) {
      expect(sheetOf(sheetKey(level, sheet))).toEqual({ level, sheet });
    }
  });

  it("are wanted coarse first, and fine only for large pictures", () => {
    const slots = [1500, 3, 1501];
    expect(wantedSheets({ slots, levels, side: 36, capacity: 32 })).toEqual([sheetKey(0, 1), sheetKey(0, 0)]);
    expect(wantedSheets({ slots, levels, side: 90, capacity: 32 })).toEqual([
      sheetKey(0, 1),
      sheetKey(0, 0),
      sheetKey(1, 23),
      sheetKey(1, 0),
    ]);
    expect(wantedSheets({ slots, levels, side: 90, capacity: 3 })).toHaveLength(3);
    expect(wantedSheets({ slots, levels: [], side: 90, capacity: 3 })).toEqual([]);
  });
});
