/** What all timings share: where a row comes from, the middle of several, and where rows are kept. */

/** The machine and the time of a row. */
export function environment(): { machine: string; date: string } {
  return {
    machine: `${Deno.build.arch}, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}`,
    date: new Date().toISOString(),
  };
}

/** The middle value. */
export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Keeps rows as bench/results/NAME.jsonl, from which BENCHMARKS.md is rendered. */
export async function writeRows(name: string, rows: readonly unknown[]): Promise<void> {
  const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
  await Deno.writeTextFile(new URL(`results/${name}.jsonl`, import.meta.url), text);
}
