/** Runs arms of a benchmark for the examples, over seeds, on all cores. */

import { type Finished, runJobs } from "../src/cli/jobs.ts";

/** What each arm gave, seed by seed. */
export async function outcomes(
  task: string,
  arms: readonly string[],
  { seed, seeds, quick }: { seed: number; seeds: number; quick: boolean },
): Promise<Record<string, Finished[]>> {
  const all = Array.from({ length: seeds }, (_, k) => seed + k);
  const jobs = arms.flatMap((arm) => all.map((seed) => ({ task, arm, seed, quick, options: {} })));
  const found: Record<string, Finished[]> = Object.fromEntries(arms.map((arm) => [arm, []]));
  for await (const answer of runJobs(jobs, navigator.hardwareConcurrency)) {
    if (!answer.ok) throw new Error(answer.message);
    found[answer.finished.job.arm].push(answer.finished);
  }
  for (const list of Object.values(found)) list.sort((a, b) => a.job.seed - b.job.seed);
  return found;
}

/** Mean of what is measured. */
export function meanValue(list: readonly Finished[]): number {
  return list.reduce((sum, { value }) => sum + value, 0) / list.length;
}

/** A table of means, a line an arm. */
export function printMeans(found: Record<string, Finished[]>): void {
  for (const [arm, list] of Object.entries(found)) console.log(`  ${arm.padEnd(28)} ${meanValue(list).toFixed(3)}`);
}
