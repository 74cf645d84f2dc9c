import { describe, expect, it } from "vitest";
import type { EmbedProgress } from "../../../src/node/images/embed-images.ts";
import { type EmbeddingForecast, ForecastOnce } from "../../../src/node/images/embedding-forecast.ts";
import { spread } from "../../../src/node/images/spread.ts";

const progress = (cached: number, embedded: number, total = 10_000): EmbedProgress => ({
  done: cached + embedded,
  total,
  embedded,
  cached,
  skipped: 0,
  bytes: 2e6 * (cached + embedded),
});

describe("the forecast of a run", () => {
  it("is told once, by the pace of what is new, however fast the known ones went by", () => {
    const told: EmbeddingForecast[] = [];
    const watch = new ForecastOnce(512, (forecast) => told.push(forecast));
    for (let cached = 0; cached <= 5000; cached += 1000) watch.update(progress(cached, 0), cached / 100, 1e9);
    for (let i = 0; i <= 60; i++) watch.update(progress(5000, 16 + 10 * i), 1000 + 1000 * i, 1e9);
    expect(told).toHaveLength(1);
    // Ten a second; told when 48 were watched, after 5 s.
    expect(told[0]).toEqual({
      pictures: 10_000,
      bytes: 2e10,
      seconds: expect.closeTo((10_000 - 5066) / 10, 6),
      memoryBytes: 1e9 + 10_000 * (2048 + 4200),
      diskBytes: (10_000 - 5066) * (2048 + 36),
    });
  });

  it("is not told of a run that is nearly over", () => {
    const told: EmbeddingForecast[] = [];
    const watch = new ForecastOnce(512, (forecast) => told.push(forecast));
    for (let i = 0; i <= 20; i++) watch.update(progress(0, 10 * i, 90), 1000 * i, 1e9);
    expect(told).toEqual([]);
  });

  it("previews take pictures from the whole collection", () => {
    const items = Array.from({ length: 2500 }, (_, i) => i);
    const some = spread(items, 1000);
    expect([some.length, new Set(some).size, some[0], some.at(-1)]).toEqual([1000, 1000, 0, 2497]);
    expect(spread(items, 5000)).toBe(items);
  });
});
