import { UsageError } from "./command.ts";

/** @throws UsageError for a file that no chart can be written to */
export function assertChartFile(file: string): void {
  if (!/\.(png|svg)$/i.test(file)) throw new UsageError(`-o ends in .png or .svg, found "${file}"`);
}
