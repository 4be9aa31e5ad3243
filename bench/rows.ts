/**
 * What all timings share: the middle of several, and where rows are kept. Where a row comes from stands in it as in those of
 * `benchmark` (src/cli/provenance.ts).
 */

/** The middle value. */
export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Keeps rows as bench/results/NAME.jsonl, from which BENCHMARKS.md is rendered. */
export async function writeRows(name: string, rows: readonly unknown[]): Promise<void> {
  const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
  await Deno.writeTextFile(new URL(`results/${name}.jsonl`, import.meta.url), text);
}
