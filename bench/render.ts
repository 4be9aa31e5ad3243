/**
 * Renders BENCHMARKS.md from the raw rows under bench/results: all that was measured here stands in them. A section is a
 * function of bench/report.
 *
 *     deno task bench:render
 */

import { diagnosis } from "./report/diagnosis.ts";
import { footprint, peers, scaling, workers } from "./report/engine.ts";
import { gpu } from "./report/gpu.ts";
import { degradation, mnist, mnistLocal, mnistReward } from "./report/images.ts";
import { fewShot, forgetting, growth, sleep } from "./report/lasting.ts";
import { figures } from "./report/results.ts";
import { association, gridNavigation, iris } from "./report/reward.ts";
import { summary } from "./report/summary.ts";

/** Where figures are kept. */
export const FIGURES = new URL("figures/", import.meta.url);

/** The text of BENCHMARKS.md; it leaves its figures in `figures`. */
export async function benchmarks(): Promise<string> {
  return `# Benchmarks

Rendered by bench/render.ts from the raw rows under bench/results; not edited by hand. Mean ± standard deviation over
seeds; intervals are Student's t. Seconds a seed and arm, where a table has them, are those of one core, often beside another
run, and what arms share counts to the first of them; a seed of all arms takes seconds (Iris), a minute
(grid), ten minutes (association, growth, sleep, diagnosis) or up to an hour (other digits). A command repeated from here measures the same rows (\`--output DIR\` keeps them) and prints them plainly; tables here
are made of them.

${await summary()}
${await iris()}
${await gridNavigation()}
${await association()}
${await mnist()}
${await diagnosis()}
${await mnistLocal()}
${await mnistReward()}
${await degradation()}
${await fewShot()}
${await forgetting()}
${await sleep()}
${await growth()}
${await peers()}
${await workers()}
${await gpu()}
${await footprint()}
${await scaling()}`;
}

if (import.meta.main) {
  const text = await benchmarks();
  await Deno.writeTextFile(new URL("../BENCHMARKS.md", import.meta.url), text);
  for (const [name, svg] of figures) await Deno.writeTextFile(new URL(`${name}.svg`, FIGURES), svg);
}
