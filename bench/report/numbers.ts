/** Numbers as BENCHMARKS.md shows them. */

import { statistics } from "../../src/tasks/statistics.ts";

/** A fraction as percent. */
export const percent = (x: number, digits = 1) => (100 * x).toFixed(digits);
/** With its sign. */
export const signed = (x: number) => `${x >= 0 ? "+" : "−"}${Math.abs(x).toFixed(1)}`;
/** With commas. */
export const thousands = (x: number) => x.toLocaleString("en");

/** Mean ± sd of values as percent. */
export function spread(values: readonly number[]): string {
  const { mean, sd } = statistics(values);
  return sd === null ? percent(mean) : `${percent(mean)} ± ${percent(sd)}`;
}
