export interface AxisTick {
  readonly value: number;
  /** With as many decimals as tell the ticks apart. */
  readonly text: string;
}

/** Ticks at round values (1, 2 or 5 times a power of ten) from `low` to `high`, about `wanted` of them. */
export function axisTicks(low: number, high: number, wanted: number): AxisTick[] {
  if (!(high > low)) return [{ value: low, text: String(low) }];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: AxisTick[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
    const value = i * step;
    ticks.push({ value, text: (value === 0 ? 0 : value).toFixed(decimals) });
  }
  return ticks;
}
